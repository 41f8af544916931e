#!/bin/sh
# Copies the workspace's manifests to the folder $1 and puts an empty source in the place of each target, so that a layer that
# builds the dependencies changes only when they do.
set -eu
to=$1
find . \( -name Cargo.toml -o -name Cargo.lock -o -path './.cargo/*' \) -type f | while read -r file; do
    mkdir -p "$to/$(dirname "$file")"
    cp "$file" "$to/$file"
done
find . -name Cargo.toml | while read -r manifest; do
    folder=$(dirname "$manifest")
    # Of tests only what a manifest may name: the others come and go without one.
    find "$folder" -maxdepth 3 \( -path "$folder/src/main.rs" -o -path "$folder/src/bin/*.rs" -o -path "$folder/build.rs" \
        -o -path "$folder/tests/*/main.rs" -o -path "$folder/examples/*.rs" \) | while read -r file; do
        mkdir -p "$to/$(dirname "$file")"
        echo 'fn main() {}' > "$to/$file"
    done
    if [ -f "$folder/src/lib.rs" ]; then
        mkdir -p "$to/$folder/src"
        : > "$to/$folder/src/lib.rs"
    fi
done
