package icecat

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const maxDotenv = 64 << 10

// fromDotenv fills what is not set from a file.
func (c *config) fromDotenv(name string) error {
	path, err := findDotenv(name)
	if err != nil {
		return err
	}
	document, err := readDotenv(path)
	if err != nil {
		return failed("New", ErrConfig, err)
	}
	entries, line := parseDotenv(document)
	if line != nil {
		return failed("New", ErrConfig, nil, path, ":", strconv.Itoa(line.number), ": ", line.problem)
	}
	return c.fromEntries(path, entries)
}

// findDotenv: a name with a slash is a path; another is ./config/NAME, else ./NAME.
func findDotenv(name string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	for _, path := range []string{filepath.Join("config", name), name} {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", failed("New", ErrConfig, nil, "no secrets file ./", filepath.Join("config", name), " or ./", name)
}

func readDotenv(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	document, err := io.ReadAll(io.LimitReader(file, maxDotenv))
	return string(document), err
}

func (c *config) fromEntries(path string, entries map[string]string) error {
	client, pipeline := &c.client, &c.pipeline
	fill(&pipeline.bucket, entries["S3BUCKET_SOURCE"])
	fill(&pipeline.destBucket, entries["S3BUCKET_DEST"])
	fill(&pipeline.failBucket, entries["S3BUCKET_FAIL"])
	fill(&pipeline.table, entries["DYNAMODB_TABLE_NAME"])
	fill(&pipeline.table, entries["DYNAMO_DB_TABLE_NAME"])
	fill(&pipeline.clientID, entries["ICECAT_CLIENT_ID"])
	fill(&client.region, entries["AWS_REGION"])
	fill(&client.region, entries["AWS_DEFAULT_REGION"])
	fill(&client.profile, entries["AWS_PROFILE"])
	fill(&client.endpoint, entries["AWS_ENDPOINT_URL"])
	fill(&client.endpointS3, entries["AWS_ENDPOINT_URL_S3"])
	fill(&client.endpointDynamoDB, entries["AWS_ENDPOINT_URL_DYNAMODB"])
	fill(&client.endpointRekognition, entries["AWS_ENDPOINT_URL_REKOGNITION"])
	fill(&client.endpointSSM, entries["AWS_ENDPOINT_URL_SSM"])
	fill(&client.caBundle, entries["AWS_CA_BUNDLE"])
	fill(&client.proxy, entries["ICECAT_PROXY"])
	if text := entries["AWS_MAX_ATTEMPTS"]; text != "" && client.maxAttempts == 0 {
		attempts, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return failed("New", ErrConfig, nil, path, ": AWS_MAX_ATTEMPTS is not a whole number")
		}
		client.maxAttempts = int(attempts)
	}
	id, secret := entries["AWS_ACCESS_KEY_ID"], entries["AWS_SECRET_ACCESS_KEY"]
	if (id == "") != (secret == "") {
		return failed("New", ErrConfig, nil, path, ": only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set")
	}
	if id != "" && c.keys == nil && c.credentials == nil {
		c.keys = &Keys{AccessKeyID: id, SecretAccessKey: secret, SessionToken: entries["AWS_SESSION_TOKEN"]}
	}
	return nil
}

// fromSSM fills what is not set from Parameter Store, which it asks with the settings so far.
func (c *config) fromSSM(ctx context.Context) error {
	prefix := "/" + strings.Trim(c.ssmPrefix, "/") + "/"
	first, err := c.open()
	if err != nil {
		return err
	}
	defer first.Close()
	names := []string{prefix + "S3BUCKET_SOURCE", prefix + "DYNAMODB_TABLE_NAME", prefix + "AWS_REGION"}
	found, err := first.GetParameters(ctx, names...)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return failed("New", ErrConfig, nil, "SSM has no parameters under ", prefix)
	}
	fill(&c.pipeline.bucket, found[names[0]])
	fill(&c.pipeline.table, found[names[1]])
	if os.Getenv("AWS_REGION") == "" && os.Getenv("AWS_DEFAULT_REGION") == "" {
		fill(&c.client.region, found[names[2]])
	}
	return nil
}
