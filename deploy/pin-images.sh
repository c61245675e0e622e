#!/bin/sh
# Writes behind the tag of every image of docker-compose.yml and Dockerfile the digest that the tag has at its registry
# today, so that what is started is what was tried. Run it again to renew them. Needs Docker with buildx, and the registries.
set -eu
cd "${1:-$(dirname "$0")/..}"

images=$(sed -nE \
  -e 's#^ *image: ([a-z0-9/._-]+:[^ @]+)(@.*)?$#\1#p' \
  -e 's#^x-[a-z-]+: &[a-z-]+ ([a-z0-9/._-]+:[^ @]+)(@.*)?$#\1#p' \
  -e 's#^FROM ([a-z0-9/._-]+:[^ @]+).*#\1#p' docker-compose.yml Dockerfile | grep -v '^rollbook:' | sort -u)

# All are asked before anything is written: a registry that does not answer leaves the files as they are.
edits=$(mktemp)
trap 'rm -f "$edits"' EXIT
for image in $images; do
  digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$image")
  if ! printf '%s' "$digest" | grep -Eqx 'sha256:[0-9a-f]{64}'; then
    echo "$image: the registry named no digest" >&2
    exit 1
  fi
  escaped=$(printf '%s' "$image" | sed 's/\./\\./g')
  printf '%s\n' "s#^( *image: |x-[a-z-]+: &[a-z-]+ |FROM )$escaped(@sha256:[0-9a-f]{64})?( |\$)#\1$image@$digest\3#" >>"$edits"
  echo "$image@$digest"
done

for file in docker-compose.yml Dockerfile; do
  sed -E -f "$edits" "$file" >"$file.new"
  mv "$file.new" "$file"
done
