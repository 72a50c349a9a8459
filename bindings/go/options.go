package icecat

import (
	"io"
	"time"
)

// Option is a setting of a Client. What is not set is taken from the environment, the profile in the shared files of
// AWS, or the value that is named; docs/configuration.md of libicecat has the whole order. The order of options
// does not matter, but of the same one the last counts.
type Option func(*config)

// Addressing is how bucket names are put into an address.
type Addressing uint32

const (
	AddressingAuto        Addressing = 0 // Virtual host on AWS, path with an endpoint.
	AddressingPath        Addressing = 1
	AddressingVirtualHost Addressing = 2
)

// Checksums says which puts carry a checksum that S3 verifies, keeps and answers with.
type Checksums uint32

const (
	ChecksumsDefault       Checksums = 0 // As the environment or the profile says.
	ChecksumsWhenSupported Checksums = 1 // Every put; the default when nobody says.
	ChecksumsWhenRequired  Checksums = 2 // None: for servers that do not know the header.
)

// A switch of the library: whether others decide, or yes, or no.
const (
	switchOn  = 1
	switchOff = 2
)

type config struct {
	client      clientConfig
	pipeline    pipelineConfig
	hooks       hooks
	credentials *Credentials
	keys        *Keys
	dotenv      string
	useDotenv   bool
	ssmPrefix   string
}

type clientConfig struct {
	region, endpoint, endpointS3, endpointDynamoDB, endpointRekognition, endpointSSM string
	caBundle, userAgent, profile, configFile, credentialsFile                        string
	proxy, noProxy, proxyCABundle                                                    string
	addressing                                                                       Addressing
	checksums                                                                        Checksums
	maxAttempts, maxConnections                                                      int
	connectTimeout, stallTimeout                                                     time.Duration
	fips, dualStack, ignoreEndpoints                                                 uint64
}

type pipelineConfig struct {
	bucket, destBucket, failBucket, table, clientID, label string
	minConfidence                                          float64
	maxLabels                                              int
	ttl                                                    time.Duration
	debug, compatKeys                                      bool
}

// WithRegion sets the region, e.g. "eu-west-1". AWS_REGION, AWS_DEFAULT_REGION, the profile; else an error.
func WithRegion(region string) Option { return func(c *config) { c.client.region = region } }

// WithProfile sets the profile of the shared files. One that is given here goes before the environment's keys.
// AWS_PROFILE, AWS_DEFAULT_PROFILE; "default".
func WithProfile(name string) Option { return func(c *config) { c.client.profile = name } }

// WithSharedFiles sets the files of profiles. AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE; ~/.aws/config and
// ~/.aws/credentials.
func WithSharedFiles(configFile, credentialsFile string) Option {
	return func(c *config) { c.client.configFile, c.client.credentialsFile = configFile, credentialsFile }
}

// WithKeys sets fixed access keys.
func WithKeys(keys Keys) Option { return func(c *config) { c.keys = &keys } }

// WithCredentials sets the source of access keys, which may be shared by clients and closed once they are made.
// The chain of the AWS SDKs, see NewCredentials.
func WithCredentials(source *Credentials) Option { return func(c *config) { c.credentials = source } }

// WithEndpoint sets the address of all services. AWS_ENDPOINT_URL, the profile; AWS itself.
func WithEndpoint(url string) Option { return func(c *config) { c.client.endpoint = url } }

// WithS3Endpoint sets the address of S3. AWS_ENDPOINT_URL_S3; that of all services.
func WithS3Endpoint(url string) Option { return func(c *config) { c.client.endpointS3 = url } }

// WithDynamoDBEndpoint sets the address of DynamoDB. AWS_ENDPOINT_URL_DYNAMODB; that of all services.
func WithDynamoDBEndpoint(url string) Option {
	return func(c *config) { c.client.endpointDynamoDB = url }
}

// WithRekognitionEndpoint sets the address of Rekognition. AWS_ENDPOINT_URL_REKOGNITION; that of all services.
func WithRekognitionEndpoint(url string) Option {
	return func(c *config) { c.client.endpointRekognition = url }
}

// WithSSMEndpoint sets the address of SSM. AWS_ENDPOINT_URL_SSM; that of all services.
func WithSSMEndpoint(url string) Option { return func(c *config) { c.client.endpointSSM = url } }

// WithIgnoredEndpoints says whether the environment and the profile name no endpoint.
// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS; false.
func WithIgnoredEndpoints(on bool) Option {
	return func(c *config) { c.client.ignoreEndpoints = toSwitch(on) }
}

// WithFIPS says whether AWS's FIPS endpoints are used. AWS_USE_FIPS_ENDPOINT; false.
func WithFIPS(on bool) Option { return func(c *config) { c.client.fips = toSwitch(on) } }

// WithDualStack says whether AWS's dual-stack endpoints are used. AWS_USE_DUALSTACK_ENDPOINT; false.
func WithDualStack(on bool) Option { return func(c *config) { c.client.dualStack = toSwitch(on) } }

// WithAddressing sets how bucket names are put into an address.
func WithAddressing(how Addressing) Option { return func(c *config) { c.client.addressing = how } }

// WithChecksums sets which puts carry a checksum. AWS_REQUEST_CHECKSUM_CALCULATION.
func WithChecksums(which Checksums) Option { return func(c *config) { c.client.checksums = which } }

// WithCABundle sets the PEM file of authorities. AWS_CA_BUNDLE; the system's.
func WithCABundle(file string) Option { return func(c *config) { c.client.caBundle = file } }

// WithProxy sets the proxy's URL, and the hosts without one, "*" for all. HTTPS_PROXY, http_proxy, ALL_PROXY and
// NO_PROXY as libcurl reads them.
func WithProxy(url, except string) Option {
	return func(c *config) { c.client.proxy, c.client.noProxy = url, except }
}

// WithProxyCABundle sets the PEM file of authorities for an https proxy; that of WithCABundle.
func WithProxyCABundle(file string) Option { return func(c *config) { c.client.proxyCABundle = file } }

// WithUserAgent appends to the User-Agent header.
func WithUserAgent(text string) Option { return func(c *config) { c.client.userAgent = text } }

// WithMaxAttempts sets how often a request is tried in all, 1 to 100. AWS_MAX_ATTEMPTS; 3, of DynamoDB 4.
func WithMaxAttempts(attempts int) Option { return func(c *config) { c.client.maxAttempts = attempts } }

// WithMaxConnections sets how many transfers of SubmitMany are in flight, 1 to 256; 8.
func WithMaxConnections(count int) Option { return func(c *config) { c.client.maxConnections = count } }

// WithConnectTimeout bounds making a connection; 10 s.
func WithConnectTimeout(most time.Duration) Option {
	return func(c *config) { c.client.connectTimeout = most }
}

// WithStallTimeout ends an attempt that makes no progress for so long; 60 s.
func WithStallTimeout(most time.Duration) Option {
	return func(c *config) { c.client.stallTimeout = most }
}

// WithLog tells a function what the calls do, up to a level. Nobody is told otherwise.
func WithLog(level LogLevel, log LogFunc) Option {
	return func(c *config) { c.hooks.logLevel, c.hooks.log = level, log }
}

// WithClock sets whose time is used.
func WithClock(clock Clock) Option { return func(c *config) { c.hooks.clock = &clock } }

// WithRandom sets the source of the pauses between attempts. It is read by many goroutines at a time.
func WithRandom(random io.Reader) Option { return func(c *config) { c.hooks.random = random } }

// WithTransport sets what sends the requests in libcurl's place. Those of SubmitMany are sent one after the other.
func WithTransport(transport Transport) Option {
	return func(c *config) { c.hooks.transport = transport }
}

// WithBucket sets the bucket where Submit puts images and Process reads them. S3BUCKET_SOURCE.
func WithBucket(name string) Option { return func(c *config) { c.pipeline.bucket = name } }

// WithProcessBuckets sets where Process moves judged images, and those that cannot be judged. S3BUCKET_DEST and
// S3BUCKET_FAIL.
func WithProcessBuckets(dest, fail string) Option {
	return func(c *config) { c.pipeline.destBucket, c.pipeline.failBucket = dest, fail }
}

// WithTable sets the DynamoDB table of records. DYNAMODB_TABLE_NAME.
func WithTable(name string) Option { return func(c *config) { c.pipeline.table = name } }

// WithClientID sets who submits: 1 to 64 of [A-Za-z0-9._-]. ICECAT_CLIENT_ID.
func WithClientID(id string) Option { return func(c *config) { c.pipeline.clientID = id } }

// WithLabel sets the label that makes the verdict of DetectLabels and Process; "Cat".
func WithLabel(name string) Option { return func(c *config) { c.pipeline.label = name } }

// WithMinConfidence sets the percentage that Process asks of Rekognition; 75.
func WithMinConfidence(percent float64) Option {
	return func(c *config) { c.pipeline.minConfidence = percent }
}

// WithMaxLabels sets how many labels Process keeps in a record; 10.
func WithMaxLabels(count int) Option { return func(c *config) { c.pipeline.maxLabels = count } }

// WithTTL sets how long a record lives after the upload; 14 days.
func WithTTL(life time.Duration) Option { return func(c *config) { c.pipeline.ttl = life } }

// WithDebug makes the function store its logs with the result.
func WithDebug() Option { return func(c *config) { c.pipeline.debug = true } }

// WithCompatKeys gives object keys the endings that the Python client before libicecat gave them.
func WithCompatKeys() Option { return func(c *config) { c.pipeline.compatKeys = true } }

// WithDotenv takes settings from a file of KEY=value lines, with the names of the environment: AWS_REGION,
// S3BUCKET_SOURCE, DYNAMODB_TABLE_NAME and so on. They win over the environment, and other options over them. A name
// without a slash is ./config/NAME, else ./NAME.
func WithDotenv(name string) Option { return func(c *config) { c.dotenv, c.useDotenv = name, true } }

// WithSSM takes bucket, table and region from parameters of AWS Systems Manager under a prefix, e.g.
// "/stablecaps/dev/cat-wrangler/". New reads them. Other options, a dotenv file and the environment win over them.
func WithSSM(prefix string) Option { return func(c *config) { c.ssmPrefix = prefix } }

func toSwitch(on bool) uint64 {
	if on {
		return switchOn
	}
	return switchOff
}

// write gives the settings to C, with the source of access keys.
func (c *config) write(f *frame, hooks *hooks, source uint64) {
	client := &c.client
	hooks.write(f)
	f.optional(client.region)
	f.number(source)
	f.optional(client.endpoint)
	f.optional(client.endpointS3)
	f.optional(client.endpointDynamoDB)
	f.optional(client.endpointRekognition)
	f.optional(client.endpointSSM)
	f.optional(client.caBundle)
	f.optional(client.userAgent)
	f.number(uint64(client.addressing))
	f.number32("MaxAttempts", client.maxAttempts)
	f.number32("MaxConnections", client.maxConnections)
	f.milliseconds("ConnectTimeout", client.connectTimeout)
	f.milliseconds("StallTimeout", client.stallTimeout)
	f.optional(client.profile)
	f.optional(client.configFile)
	f.optional(client.credentialsFile)
	f.optional(client.proxy)
	f.optional(client.noProxy)
	f.optional(client.proxyCABundle)
	f.number(client.fips)
	f.number(client.dualStack)
	f.number(client.ignoreEndpoints)
	f.number(uint64(client.checksums))
}

func (p *pipelineConfig) write(f *frame) {
	f.optional(p.bucket)
	f.optional(p.destBucket)
	f.optional(p.failBucket)
	f.optional(p.table)
	f.optional(p.clientID)
	f.optional(p.label)
	f.real(p.minConfidence)
	f.number32("MaxLabels", p.maxLabels)
	f.seconds("TTL", p.ttl)
	f.bool(p.debug)
	f.bool(p.compatKeys)
}
