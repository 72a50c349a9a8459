package icecat

import (
	"context"
	"time"
)

// Credentials is a source of access keys. It may be shared by any number of clients and goroutines. Keys that expire are
// fetched again in time, inside the calls that need them and bounded by their contexts.
type Credentials struct{ handle *handle }

// CredentialsOptions are settings of NewCredentials. Zero means the default: the environment variable that is named,
// else the value that is named.
type CredentialsOptions struct {
	Profile         string        // AWS_PROFILE, AWS_DEFAULT_PROFILE; "default". Goes before the environment's keys.
	Region          string        // AWS_REGION, AWS_DEFAULT_REGION; the profile's. For STS.
	ConfigFile      string        // AWS_CONFIG_FILE; ~/.aws/config.
	CredentialsFile string        // AWS_SHARED_CREDENTIALS_FILE; ~/.aws/credentials.
	CABundle        string        // PEM file; AWS_CA_BUNDLE, the profile's; the system's.
	Proxy           string        // URL, for STS and SSO; as the environment says.
	NoProxy         string        // Hosts without a proxy; as the environment says.
	ProxyCABundle   string        // PEM file for an https proxy; else CABundle.
	ConnectTimeout  time.Duration // To STS and SSO; 5 s.
	RequestTimeout  time.Duration // Of one request to STS or SSO; 15 s.
	ProcessTimeout  time.Duration // Of a credential_process; 60 s.
	Transport       Transport     // libcurl.
	Clock           *Clock        // The system's.
	LogLevel        LogLevel      // LogInfo when Log is set.
	Log             LogFunc       // None.
}

func (o *CredentialsOptions) hooks() *hooks {
	return &hooks{log: o.Log, logLevel: o.LogLevel, clock: o.Clock, transport: o.Transport}
}

func (o *CredentialsOptions) write(f *frame, hooks *hooks) {
	hooks.write(f)
	f.optional(o.Profile)
	f.optional(o.Region)
	f.optional(o.ConfigFile)
	f.optional(o.CredentialsFile)
	f.optional(o.CABundle)
	f.optional(o.Proxy)
	f.optional(o.NoProxy)
	f.optional(o.ProxyCABundle)
	f.milliseconds("ConnectTimeout", o.ConnectTimeout)
	f.milliseconds("RequestTimeout", o.RequestTimeout)
	f.milliseconds("ProcessTimeout", o.ProcessTimeout)
}

// NewStaticCredentials makes a source of fixed keys.
func NewStaticCredentials(keys Keys) (*Credentials, error) {
	f := newFrame("NewStaticCredentials")
	defer f.end()
	keys.write(f)
	return newCredentials(f, opCredentialsStatic, nil)
}

// NewEnvironmentCredentials makes a source of the keys that are in the environment now: AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION. ErrNoCredentials: there are none.
func NewEnvironmentCredentials() (*Credentials, error) {
	f := newFrame("NewEnvironmentCredentials")
	defer f.end()
	return newCredentials(f, opCredentialsEnviron, nil)
}

// NewCredentials makes a source that looks where the AWS SDKs and the aws command look, in their order: environment, a
// role of the profile, web identity, SSO, credentials file, aws login, credential_process, config file, container,
// instance (IMDSv2). Nothing is read and no request is sent before the first call that needs keys.
func NewCredentials(options *CredentialsOptions) (*Credentials, error) {
	if options == nil {
		options = &CredentialsOptions{}
	}
	f := newFrame("NewCredentials")
	defer f.end()
	hooks := options.hooks().orNil()
	options.write(f, hooks)
	source, err := newCredentials(f, opCredentialsDefault, hooks)
	if err != nil {
		hooks.release()
	}
	return source, err
}

// NewProviderCredentials makes a source that asks a function: once at first, and again before its keys expire; never
// twice at the same time. ctx is that of the call that needs keys. An error that it returns ends that call, with
// ErrCallback. Of options, which may be nil, only Transport, Clock and Log count.
func NewProviderCredentials(provider func(ctx context.Context) (Keys, error), options *CredentialsOptions) (*Credentials, error) {
	if provider == nil {
		return nil, failed("NewProviderCredentials", ErrArgument, nil, "there is no provider")
	}
	if options == nil {
		options = &CredentialsOptions{}
	}
	f := newFrame("NewProviderCredentials")
	defer f.end()
	hooks := options.hooks()
	hooks.provider = provider
	options.write(f, hooks)
	source, err := newCredentials(f, opCredentialsCallback, hooks)
	if err != nil {
		hooks.release() // else C does, by onFree
		return nil, err
	}
	return source, nil
}

func newCredentials(f *frame, op operation, hooks *hooks) (*Credentials, error) {
	if err := f.run(op, nil); err != nil {
		return nil, err
	}
	free := freeWith(opCredentialsFree)
	if op == opCredentialsDefault {
		free = func(native uint64) { freeWith(opCredentialsFree)(native); hooks.release() }
	}
	made := &Credentials{newHandle(f.record.made, free)}
	made.handle.hooked, made.handle.provider = hooks != nil, hooks
	return made, nil
}

// Close gives up the source; clients that use it keep it.
func (c *Credentials) Close() error {
	c.handle.close()
	return nil
}

// Describe gives the kind of the source ("static", "environment", "default" or "callback") and the access key id of
// fixed keys, which is no secret; "" for a source whose keys change.
func (c *Credentials) Describe() (kind, accessKeyID string) {
	f, err := begin(context.Background(), "Describe", c.handle)
	if err != nil {
		return "", ""
	}
	defer f.end()
	if f.run(opCredentialsDescribe, nil) != nil {
		return "", ""
	}
	r := f.read()
	return r.text(), r.text()
}

// Outcome is what became of one source.
type Outcome int32

const (
	Used       Outcome = 0 // It gave the keys.
	PassedOver Outcome = 1 // It is not set up, or has nothing here.
	Failed     Outcome = 2 // It is set up, and failed: the search ended.
	NotReached Outcome = 3 // The search ended before it.
)

// Finding is what one source of access keys said. Nothing in it is secret.
type Finding struct {
	Source      string // e.g. "environment", "assume-role", "imds"
	Reason      string
	AccessKeyID string    // Of the keys that were found.
	Expires     time.Time // Of the keys that were found; zero when they do not expire.
	Outcome     Outcome
	Status      Status // Of a source that gave no keys; else 0.
}

// Report looks for keys as the next call would without any at hand, and tells what each source said. Keys that are in
// use are left alone.
func (c *Credentials) Report(ctx context.Context) ([]Finding, error) {
	f, err := begin(ctx, "Report", c.handle)
	if err != nil {
		return nil, err
	}
	defer f.end()
	if err := f.run(opCredentialsReport, nil); err != nil {
		return nil, err
	}
	return readFindings(f), nil
}

func readFindings(f *frame) []Finding {
	r := f.read()
	findings := make([]Finding, r.number())
	for i := range findings {
		findings[i] = Finding{Source: r.text(), Reason: r.text(), AccessKeyID: r.text(), Expires: r.moment(),
			Outcome: Outcome(r.signed()), Status: Status(r.signed())}
	}
	return findings
}
