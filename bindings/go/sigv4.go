package icecat

import (
	"strings"
	"time"
)

// Payload hashes that stand for something else than a hash.
const (
	UnsignedPayload          = "UNSIGNED-PAYLOAD"                           // Body not signed; S3 only.
	StreamingPayload         = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"         // Body in signed chunks: SignChunk.
	StreamingPayloadTrailer  = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" // With headers behind the last: SignTrailer.
	StreamingUnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"         // Unsigned chunks and a trailer; over https only.
)

// SignRequest is a request as it goes on the wire, or as it came.
type SignRequest struct {
	Method string // E.g. "PUT".
	URL    string // Absolute, percent-encoded.

	// Header has the headers to sign; an http.Header fits. "host" is taken from the URL unless it is there.
	Header map[string][]string

	Body []byte // Is hashed, unless PayloadHash says what stands for it. Presigned without a body: the service's rule.

	PayloadHash string // Hex SHA-256 of the body, or a constant above.
}

// SignOptions say how to sign.
type SignOptions struct {
	Keys    Keys
	Region  string
	Service string        // "s3", "s3-express" and "s3-outposts" select S3's rules for paths.
	Time    time.Time     // Of signing; now.
	Presign time.Duration // Sign the URL, for 1 s to 7 days; 0 signs the headers.
	Cache   *SigningKeys  // Keys derived before; nil derives them each time.

	OmitSessionToken bool // Leave the token out of what is signed.
	KeepPath         bool // Do not normalise the path of a service other than S3.
}

// SigningKeys are signing keys that were derived already. At most 16 are kept, those of earlier days are dropped. Any number
// of goroutines may sign with one.
type SigningKeys struct{ handle *handle }

// NewSigningKeys makes an empty cache. A Client has one of its own.
func NewSigningKeys() (*SigningKeys, error) {
	f := newFrame("NewSigningKeys")
	defer f.end()
	if err := f.run(opSigV4CacheNew, nil); err != nil {
		return nil, err
	}
	return &SigningKeys{newHandle(f.record.made, freeWith(opSigV4CacheFree))}, nil
}

// Close wipes and frees the keys.
func (s *SigningKeys) Close() error {
	s.handle.close()
	return nil
}

// Signature is what signing made. Nothing in it holds the secret key; URL, Header and CanonicalRequest may hold the session
// token, so do not log them.
type Signature struct {
	URL              string // Presigned: the URL to use; else the one that was given.
	Authorization    string // "" when presigned.
	Date             string // x-amz-date
	SignedHeaders    string // E.g. "host;x-amz-date".
	PayloadHash      string
	Signature        string // 64 hex digits.
	CanonicalRequest string
	StringToSign     string
	Expires          time.Time // Presigned: when the URL stops to work, as far as known.
	CutShort         bool      // The keys expire before the presigned URL would.

	token     string
	sendsHash bool
}

// Header gives set the headers that must be sent besides those that were given; http.Header.Set fits.
func (s *Signature) Header(set func(name, value string)) {
	if s.Authorization == "" {
		return
	}
	set("Authorization", s.Authorization)
	set("X-Amz-Date", s.Date)
	if s.token != "" {
		set("X-Amz-Security-Token", s.token)
	}
	if s.sendsHash {
		set("X-Amz-Content-Sha256", s.PayloadHash)
	}
}

// Bits of the library.
const (
	flagOmitSessionToken = 1
	flagKeepPath         = 2
	flagPresign          = 4
	flagContentSHA256    = 8
)

func (o *SignOptions) flags() uint64 {
	flags := uint64(0)
	if o.OmitSessionToken {
		flags |= flagOmitSessionToken
	}
	if o.KeepPath {
		flags |= flagKeepPath
	}
	if o.Presign != 0 {
		return flags | flagPresign
	}
	if strings.HasPrefix(o.Service, "s3") {
		flags |= flagContentSHA256
	}
	return flags
}

// begin begins a call with the cache, if there is one.
func (o *SignOptions) begin(op string) (*frame, error) { return beginWith(op, o.Cache) }

func beginWith(op string, cache *SigningKeys) (*frame, error) {
	f := newFrame(op)
	if cache == nil {
		return f, nil
	}
	native, ok := cache.handle.acquire()
	if !ok {
		f.end()
		return nil, closed(op)
	}
	f.owner, f.record.object = cache.handle, native
	return f, nil
}

func (o *SignOptions) write(f *frame) {
	o.Keys.write(f)
	f.optional(o.Region)
	f.optional(o.Service)
	f.signed(orNow(o.Time))
	f.seconds("Presign", o.Presign)
	f.number(o.flags())
}

func orNow(moment time.Time) int64 {
	if moment.IsZero() {
		moment = time.Now()
	}
	return moment.Unix()
}

// Sign signs a request, or with SignOptions.Presign its URL. It is a pure function: no network, no files.
func Sign(request *SignRequest, options *SignOptions) (*Signature, error) {
	f, err := options.begin("Sign")
	if err != nil {
		return nil, err
	}
	defer f.end()
	hasBody := len(request.Body) > 0 || options.Presign == 0
	request.write(f, hasBody)
	options.write(f)
	if err := f.run(opSigV4Sign, request.Body); err != nil {
		return nil, err
	}
	r := f.read()
	s := &Signature{Authorization: r.text(), Date: r.text(), URL: r.text(), SignedHeaders: r.text(), PayloadHash: r.text(),
		Signature: r.text(), CanonicalRequest: r.text(), StringToSign: r.text(), Expires: r.moment(), CutShort: r.bool(),
		token: options.Keys.SessionToken, sendsHash: options.flags()&flagContentSHA256 != 0}
	if query := s.URL; query != "" {
		s.URL = withQuery(request.URL, query)
	} else {
		s.URL = request.URL
	}
	return s, nil
}

func withQuery(url, query string) string {
	if at := strings.IndexAny(url, "?#"); at >= 0 {
		url = url[:at]
	}
	return url + "?" + query
}

// write writes the request as shim_sigv4.c reads it.
func (r *SignRequest) write(f *frame, hasBody bool) {
	host, path, query, ok := splitURL(r.URL)
	if !ok {
		f.refuse("the URL", " is not absolute")
	}
	f.optional(r.Method)
	f.optional(path)
	f.optional(query)
	r.writeHeaders(f, host)
	f.optional(r.PayloadHash)
	f.bool(hasBody)
}

func (r *SignRequest) writeHeaders(f *frame, host string) {
	count, hasHost := 0, false
	for name, values := range r.Header {
		count += len(values)
		hasHost = hasHost || len(values) > 0 && strings.EqualFold(name, "host")
	}
	if !hasHost {
		count++
	}
	f.number(uint64(count))
	if !hasHost {
		f.text("host")
		f.text(host)
	}
	for name, values := range r.Header {
		for _, value := range values {
			f.text(name)
			f.text(value)
		}
	}
}

// splitURL takes an absolute URL apart without looking at its parts.
func splitURL(url string) (host, path, query string, ok bool) {
	at := strings.Index(url, "://")
	if at <= 0 {
		return "", "", "", false
	}
	rest := url[at+3:]
	if at := strings.IndexByte(rest, '#'); at >= 0 {
		rest = rest[:at]
	}
	if at := strings.IndexByte(rest, '?'); at >= 0 {
		rest, query = rest[:at], rest[at+1:]
	}
	host = rest
	if at := strings.IndexByte(rest, '/'); at >= 0 {
		host, path = rest[:at], rest[at:]
	}
	host = host[strings.LastIndexByte(host, '@')+1:]
	return host, path, query, host != ""
}
