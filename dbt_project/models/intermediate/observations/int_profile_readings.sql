{{ config(materialized='view') }}

{{ union_models([
    'stg_x__accounts',
    'stg_x_v2__accounts',
    'stg_bluesky__accounts',
    'stg_mastodon__accounts',
    'stg_youtube__accounts',
]) }}
