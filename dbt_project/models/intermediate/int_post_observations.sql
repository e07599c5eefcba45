{{ config(materialized='view') }}

{{ union_models([
    'stg_x__posts',
    'stg_x_v2__posts',
    'stg_bluesky__posts',
    'stg_mastodon__posts',
    'stg_youtube__posts',
]) }}
