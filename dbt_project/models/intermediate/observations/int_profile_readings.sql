{{ config(materialized='view') }}

{{ union_models(shapes('accounts')) }}
