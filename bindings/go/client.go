package icecat

import (
	"context"
	"os"
	"time"
)

// Client has settings and connections. It may be shared by any number of goroutines.
type Client struct {
	handle   *handle
	pipeline uint64 // lives as long as the handle
	label    string
}

// New makes a client. No request is sent, but with WithSSM; access keys are looked for by the first call.
//
// ErrConfig: no region, a setting that is not well formed, a profile that is named but is in no file, or a file that
// cannot be read. ErrArgument: a number is out of its range.
//
// The environment is read, which another goroutine must not change meanwhile.
func New(ctx context.Context, options ...Option) (*Client, error) {
	if err := ended(ctx, "New"); err != nil {
		return nil, err
	}
	c, err := configure(options)
	if err != nil {
		return nil, err
	}
	if c.ssmPrefix != "" {
		if err := c.fromSSM(ctx); err != nil {
			return nil, err
		}
	}
	return c.open()
}

// configure takes options, then a dotenv file, then the environment's names that the library does not read.
func configure(options []Option) (*config, error) {
	c := &config{}
	for _, option := range options {
		option(c)
	}
	if c.useDotenv {
		if err := c.fromDotenv(c.dotenv); err != nil {
			return nil, err
		}
	}
	c.fromEnvironment()
	return c, nil
}

func (c *config) fromEnvironment() {
	p := &c.pipeline
	fill(&p.bucket, os.Getenv("S3BUCKET_SOURCE"))
	fill(&p.destBucket, os.Getenv("S3BUCKET_DEST"))
	fill(&p.failBucket, os.Getenv("S3BUCKET_FAIL"))
	fill(&p.table, os.Getenv("DYNAMODB_TABLE_NAME"))
	fill(&p.table, os.Getenv("DYNAMO_DB_TABLE_NAME"))
	fill(&p.clientID, os.Getenv("ICECAT_CLIENT_ID"))
}

// fill sets what is not set.
func fill(setting *string, value string) {
	if *setting == "" {
		*setting = value
	}
}

// open makes the native client and its pipeline.
func (c *config) open() (*Client, error) {
	source, err := c.source()
	if err != nil {
		return nil, err
	}
	defer source.end()
	hooks := c.hooks.orNil()
	native, err := c.newClient(hooks, source.native)
	if err != nil {
		hooks.release()
		return nil, err
	}
	pipeline, err := c.newPipeline(native)
	if err != nil {
		freeWith(opClientFree)(native)
		hooks.release()
		return nil, err
	}
	provider := source.hooks
	if provider != nil {
		provider.retain()
	}
	made := &Client{pipeline: pipeline, label: c.pipeline.label}
	fill(&made.label, "Cat")
	made.handle = newHandle(native, func(native uint64) {
		freeWith(opPipelineFree)(pipeline)
		freeWith(opClientFree)(native)
		hooks.release()
		provider.release()
	})
	made.handle.hooked, made.handle.provider = hooks != nil || provider != nil, provider
	return made, nil
}

// source is where the keys come from: what was given, fixed keys, or the library's choice.
func (c *config) source() (borrowed, error) {
	switch {
	case c.credentials != nil:
		native, ok := c.credentials.handle.acquire()
		if !ok {
			return borrowed{}, closed("New")
		}
		return borrowed{native: native, hooks: c.credentials.handle.provider, end: c.credentials.handle.release}, nil
	case c.keys != nil:
		own, err := NewStaticCredentials(*c.keys)
		if err != nil {
			return borrowed{}, err
		}
		return borrowed{native: own.handle.native, end: own.handle.close}, nil
	}
	return borrowed{end: func() {}}, nil
}

// borrowed is a native source of keys, until end.
type borrowed struct {
	native uint64
	hooks  *hooks
	end    func()
}

func (c *config) newClient(hooks *hooks, source uint64) (uint64, error) {
	f := newFrame("New")
	defer f.end()
	c.write(f, hooks, source)
	err := f.run(opClientNew, nil)
	return f.record.made, err
}

func (c *config) newPipeline(client uint64) (uint64, error) {
	f := newFrame("New")
	defer f.end()
	f.record.object = client
	c.pipeline.write(f)
	err := f.run(opPipelineNew, nil)
	return f.record.made, err
}

// begin begins a call on the client, and beginPipeline one on its pipeline.
func (c *Client) begin(ctx context.Context, op string) (*frame, error) {
	return begin(ctx, op, c.handle)
}

func (c *Client) beginPipeline(ctx context.Context, op string) (*frame, error) {
	f, err := begin(ctx, op, c.handle)
	if err == nil {
		f.record.object = c.pipeline
	}
	return f, err
}

// Close closes all connections. Calls of other goroutines that are running end as they would have; the last one frees
// the client. New ones give ErrClosed. May be called twice.
func (c *Client) Close() error {
	c.handle.close()
	return nil
}

// Region is the region in use; "" after Close.
func (c *Client) Region() string { return c.address("") }

// Endpoint is the address of "s3", "dynamodb", "rekognition" or "ssm"; "" for another name, and after Close.
func (c *Client) Endpoint(service string) string { return c.address(service) }

func (c *Client) address(service string) string {
	f, err := c.begin(context.Background(), "Endpoint")
	if err != nil {
		return ""
	}
	defer f.end()
	f.optional(service)
	if f.run(opClientAddress, nil) != nil {
		return ""
	}
	r := f.read()
	return r.text()
}

// ClockDifference is how far the last answer's Date was ahead of this machine's clock, 0 when they agree to within a
// few minutes; false when no answer with a Date has come yet.
func (c *Client) ClockDifference() (time.Duration, bool) {
	f, err := c.begin(context.Background(), "ClockDifference")
	if err != nil {
		return 0, false
	}
	defer f.end()
	if f.run(opClientClockDifference, nil) != nil {
		return 0, false
	}
	r := f.read()
	known := r.bool()
	return time.Duration(r.signed()) * time.Second, known
}

// BucketRegion is the region that requests for a bucket are signed for: that of the client, or the one that an answer
// has named.
func (c *Client) BucketRegion(bucket string) (string, error) {
	f, err := c.begin(context.Background(), "BucketRegion")
	if err != nil {
		return "", err
	}
	defer f.end()
	f.text(bucket)
	if err := f.run(opClientBucketRegion, nil); err != nil {
		return "", err
	}
	r := f.read()
	return r.text(), nil
}

// ReportCredentials looks for access keys as the next call would without any at hand, and tells what each source said.
func (c *Client) ReportCredentials(ctx context.Context) ([]Finding, error) {
	f, err := c.begin(ctx, "ReportCredentials")
	if err != nil {
		return nil, err
	}
	defer f.end()
	if err := f.run(opClientReport, nil); err != nil {
		return nil, err
	}
	return readFindings(f), nil
}

// Settings are those that the client was made with.
func (c *Client) Settings() (Settings, error) {
	f, err := c.begin(context.Background(), "Settings")
	if err != nil {
		return nil, err
	}
	defer f.end()
	if err := f.run(opClientSettings, nil); err != nil {
		return nil, err
	}
	return readSettings(f), nil
}
