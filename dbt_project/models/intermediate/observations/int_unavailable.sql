{{ union_models(shapes('unavailable')) }}
