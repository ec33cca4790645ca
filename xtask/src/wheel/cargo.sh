#!/bin/sh
# The cargo that maturin calls for tests. It builds with the features of the whole workspace, as all other tasks do:
# with the features of one package, most dependencies would be built again.
[ "$1" = rustc ] || exec "$HALLPASS_CARGO" "$@"
shift
exec "$HALLPASS_CARGO" build --workspace "$@"
