{{ union_models([
    'stg_x__unavailable',
    'stg_x_v2__unavailable',
    'stg_bluesky__unavailable',
    'stg_mastodon__unavailable',
    'stg_youtube__unavailable',
]) }}
