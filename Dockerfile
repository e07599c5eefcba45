# The two commands of the README in a container:
#
#     docker build --tag twiplomacy .
#     docker run --rm --volume "$PWD/data:/project/data" --volume "$PWD/releases:/project/releases" twiplomacy
#     docker run --rm twiplomacy make test
#
# The first runs `make release`. The volumes keep the log and the releases.

FROM python:3.11-slim-bookworm AS tools
# Tests use git and patch to apply what a refresh of the roster proposes.
RUN apt-get update && apt-get install --yes --no-install-recommends git make patch && rm -rf /var/lib/apt/lists/*

FROM tools
WORKDIR /project
COPY . .
RUN make setup
CMD ["make", "release"]
