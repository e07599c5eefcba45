"""Real servers to test clients against: installed, started, seeded and ended by the tests of `make test-servers`."""
