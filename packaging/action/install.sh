#!/usr/bin/env bash
# Puts hallpass on the PATH: the release of this action's version, unless the job has installed one.
#
# Reads ACTION_PATH, ACTION_REPOSITORY and GH_TOKEN.
set -euo pipefail

fail() {
    echo "::error title=hallpass::$1"
    exit 3
}

if command -v hallpass > /dev/null; then
    # Another program may have the same name. Its exit code must not count as a verdict.
    [[ $(hallpass --version) == *'policy sha256:'* ]] || fail "$(command -v hallpass) is another program: remove it from the PATH"
    echo "using $(command -v hallpass)"
    exit 0
fi

case "$RUNNER_OS-$RUNNER_ARCH" in
    Linux-X64) target=x86_64-unknown-linux-musl ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    Windows-X64) target=x86_64-pc-windows-msvc ;;
    *) fail "releases contain no hallpass for $RUNNER_OS on $RUNNER_ARCH: install it in a step before this one" ;;
esac

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$ACTION_PATH/Cargo.toml" | head -n 1)
[[ -n $version ]] || fail 'the action does not contain its version'
[[ -n $ACTION_REPOSITORY ]] || fail 'the runner does not name the repository of the action: install hallpass in a step before this one'

# On Windows, tar reads RUNNER_TEMP as the name of a remote host.
folder=$(cd "$RUNNER_TEMP" && pwd)/hallpass
archive=hallpass-$target.tar.gz
mkdir -p "$folder"
cd "$folder"
for file in "$archive" SHA256SUMS; do
    echo "downloading $file of v$version"
    curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 --output "$file" \
        "$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download/v$version/$file"
done

# The checksums detect a broken download; the attestation detects a file that the release workflow did not build from this tag.
grep -F "  $archive" SHA256SUMS > checksum || fail "SHA256SUMS of v$version does not list $archive"
if command -v sha256sum > /dev/null; then
    sha256sum --check --strict checksum
else
    shasum --algorithm 256 --check --strict checksum
fi
gh attestation verify "$archive" --repo "$ACTION_REPOSITORY" \
    --signer-workflow "$ACTION_REPOSITORY/.github/workflows/release.yml" \
    --source-ref "refs/tags/v$version" --deny-self-hosted-runners

tar -xzf "$archive"
programs=$folder/hallpass-$target
"$programs/hallpass" --version
if [[ $RUNNER_OS == Windows ]]; then
    programs=$(cygpath --windows "$programs")
fi
echo "$programs" >> "$GITHUB_PATH"
