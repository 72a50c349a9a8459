#!/usr/bin/env bash
# deploy.sh - bring the function and what it needs to AWS, or bring another version of it.
#
#   deploy.sh [--stack NAME] [--architecture arm64|x86_64] [--zip FILE | --code-key KEY] [Parameter=VALUE ...]
#   deploy.sh --versions [--stack NAME]
#
# Without --zip it packs the function first. --code-key takes a version that was uploaded before, which
# is how one rolls back; --versions lists them. Parameters are those of template.yaml; what a stack has
# been given, it keeps. Needs the aws command, with credentials and a region.
set -euo pipefail

fail() {
  printf 'deploy.sh: %s\n' "$*" >&2
  exit 1
}

here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
stack=icecat architecture=arm64 zip='' code_key='' versions=0
parameters=()
while [ $# -gt 0 ]; do
  case "$1" in
    --stack | --architecture | --zip | --code-key)
      [ $# -ge 2 ] || fail "$1 needs a value"
      name=${1#--}
      printf -v "${name//-/_}" %s "$2"
      shift
      ;;
    --versions) versions=1 ;;
    [A-Z]*=*) parameters+=("$1") ;;
    *) fail "unknown argument $1; the first lines of $0 say what there is" ;;
  esac
  shift
done
case "$stack" in *[!a-z0-9-]* | '') fail "--stack takes small letters, digits and hyphens" ;; esac
case "$architecture" in arm64 | x86_64) ;; *) fail "--architecture is arm64 or x86_64" ;; esac
[ -z "$zip" ] || [ -z "$code_key" ] || fail "--zip and --code-key exclude each other"

command -v aws >/dev/null || fail "the aws command is missing; install the package awscli"
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
[ -n "$region" ] || fail "no region; set AWS_REGION"
export AWS_DEFAULT_REGION=$region
account=$(aws sts get-caller-identity --query Account --output text) || fail "AWS does not take the credentials"
code_bucket=$stack-$account-$region-code

if [ $versions -eq 1 ]; then
  exec aws s3api list-objects-v2 --bucket "$code_bucket" --output text \
    --query 'sort_by(Contents, &LastModified)[].[LastModified, Key]'
fi

if ! aws s3api head-bucket --bucket "$code_bucket" 2>/dev/null; then
  printf 'Making bucket %s for the versions of the code\n' "$code_bucket"
  location=(--create-bucket-configuration "LocationConstraint=$region")
  [ "$region" != us-east-1 ] || location=()
  aws s3api create-bucket --bucket "$code_bucket" "${location[@]}" >/dev/null
  aws s3api put-public-access-block --bucket "$code_bucket" --public-access-block-configuration \
    BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
fi

if [ -z "$code_key" ]; then
  if [ -z "$zip" ]; then
    zip=$project/build/lambda/$architecture/bootstrap.zip
    "$here/package.sh" "$architecture" "$project/build/lambda"
  fi
  [ -f "$zip" ] || fail "there is no $zip"
  # Named by its content: the same code is the same version, and no version is ever overwritten.
  code_key=bootstrap-$architecture-$(sha256sum "$zip" | cut -c1-16).zip
  if ! aws s3api head-object --bucket "$code_bucket" --key "$code_key" >/dev/null 2>&1; then
    printf 'Uploading %s as %s\n' "$zip" "$code_key"
    aws s3api put-object --bucket "$code_bucket" --key "$code_key" --body "$zip" >/dev/null
  fi
else
  aws s3api head-object --bucket "$code_bucket" --key "$code_key" >/dev/null ||
    fail "there is no version $code_key; --versions lists those that are"
  case "$code_key" in *-arm64-*) architecture=arm64 ;; *-x86_64-*) architecture=x86_64 ;; esac
fi

aws cloudformation deploy --template-file "$here/template.yaml" --stack-name "$stack" \
  --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset --parameter-overrides \
  "CodeBucket=$code_bucket" "CodeKey=$code_key" "Architecture=$architecture" \
  "BucketPrefix=$stack-$account-$region" "${parameters[@]}"
aws cloudformation describe-stacks --stack-name "$stack" --output text \
  --query 'Stacks[0].Outputs[].[OutputKey, OutputValue]'
