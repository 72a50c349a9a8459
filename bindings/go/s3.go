package icecat

import (
	"context"
	"strings"
	"time"
)

// PutOptions are those of PutObject.
type PutOptions struct {
	ContentType   string            // "application/octet-stream".
	PayloadSHA256 string            // Hex SHA-256 of the body when it is known.
	Metadata      map[string]string // Names without "x-amz-meta-"; values in ASCII; all together at most 2 kB.
	IfNoneMatch   bool              // Only when no object has this key; else ErrPrecondition.
}

// PutResult is what a put made.
type PutResult struct {
	ETag      string // With its quotes, as S3 gives it.
	VersionID string // "" when the bucket is not versioned.
}

// PutObject stores bytes under a key; at most 5 GB.
func (c *Client) PutObject(ctx context.Context, bucket, key string, body Source, options *PutOptions) (PutResult, error) {
	f, err := c.begin(ctx, "PutObject")
	if err != nil {
		return PutResult{}, err
	}
	defer f.end()
	if options == nil {
		options = &PutOptions{}
	}
	data, err := body.bytes(ctx, "PutObject")
	if err != nil {
		return PutResult{}, err
	}
	f.text(bucket)
	f.text(key)
	f.optional(options.ContentType)
	f.optional(options.PayloadSHA256)
	f.pairs(options.Metadata)
	f.bool(options.IfNoneMatch)
	if err := f.run(opS3Put, data); err != nil {
		return PutResult{}, err
	}
	r := f.read()
	return PutResult{ETag: r.text(), VersionID: r.text()}, nil
}

// Object is an object of a bucket, or its description.
type Object struct {
	Data    []byte            // The body, or the range that was asked for; nil after HeadObject.
	Size    int64             // Bytes of the whole object, also when only a range was read.
	Headers map[string]string // Of the answer; names in lower case.
}

// Header is a header of the answer; case does not matter. "" when the service did not send it.
func (o *Object) Header(name string) string { return o.Headers[strings.ToLower(name)] }

// ETag is with its quotes, as S3 gives it.
func (o *Object) ETag() string { return o.Header("etag") }

// ContentType is that of the put.
func (o *Object) ContentType() string { return o.Header("content-type") }

// Metadata is an entry of the object's own, without "x-amz-meta-".
func (o *Object) Metadata(name string) string { return o.Header("x-amz-meta-" + name) }

// GetOptions are those of GetObject.
type GetOptions struct {
	Start    int64 // First byte.
	Length   int64 // Bytes wanted; 0 for all from Start on.
	MaxBytes int64 // A longer body is refused with ErrLimit; 64 MiB.
}

// GetObject reads an object, or a range of it. ErrNotFound: no such bucket or key.
func (c *Client) GetObject(ctx context.Context, bucket, key string, options *GetOptions) (*Object, error) {
	f, err := c.begin(ctx, "GetObject")
	if err != nil {
		return nil, err
	}
	defer f.end()
	if options == nil {
		options = &GetOptions{}
	}
	f.text(bucket)
	f.text(key)
	f.unsigned("Start", options.Start)
	f.unsigned("Length", options.Length)
	f.unsigned("MaxBytes", options.MaxBytes)
	if err := f.run(opS3Get, nil); err != nil {
		return nil, err
	}
	return readObject(f.take(), true), nil
}

// HeadObject describes an object without its bytes. ErrNotFound: no such bucket or key; S3 does not say which.
func (c *Client) HeadObject(ctx context.Context, bucket, key string) (*Object, error) {
	f, err := c.begin(ctx, "HeadObject")
	if err != nil {
		return nil, err
	}
	defer f.end()
	f.text(bucket)
	f.text(key)
	if err := f.run(opS3Head, nil); err != nil {
		return nil, err
	}
	return readObject(f.take(), false), nil
}

// readObject: the body is the end of the reply.
func readObject(reply []byte, hasBody bool) *Object {
	const longestHeaders = 80 << 10 // the library takes 64 KiB of them, with their names
	head := reply
	if len(head) > longestHeaders {
		head = head[:longestHeaders]
	}
	r := reader{string(head)}
	object := &Object{Size: r.signed()}
	count := r.int()
	object.Headers = make(map[string]string, count)
	for ; count > 0; count-- {
		name := r.text()
		object.Headers[name] = r.text()
	}
	if length := r.int(); hasBody {
		object.Data = append(make([]byte, 0, length), reply[len(reply)-length:]...)
	}
	return object
}

// CopyOptions are those of CopyObject.
type CopyOptions struct {
	// ReplaceMetadata gives the copy the next two, and no other header of the source; else it has all of its own.
	ReplaceMetadata bool
	ContentType     string // "application/octet-stream".
	Metadata        map[string]string
}

// CopyObject copies an object of at most 5 GB inside the service, with its metadata or with others.
func (c *Client) CopyObject(ctx context.Context, sourceBucket, sourceKey, bucket, key string, options *CopyOptions) error {
	f, err := c.begin(ctx, "CopyObject")
	if err != nil {
		return err
	}
	defer f.end()
	f.text(sourceBucket)
	f.text(sourceKey)
	if options == nil {
		options = &CopyOptions{}
	}
	f.text(bucket)
	f.text(key)
	f.optional(options.ContentType)
	f.pairs(options.Metadata)
	f.bool(options.ReplaceMetadata)
	return f.run(opS3Copy, nil)
}

// DeleteObject deletes an object. A key that does not exist is a success, as it is on S3.
func (c *Client) DeleteObject(ctx context.Context, bucket, key string) error {
	f, err := c.begin(ctx, "DeleteObject")
	if err != nil {
		return err
	}
	defer f.end()
	f.text(bucket)
	f.text(key)
	return f.run(opS3Delete, nil)
}

// PresignOptions are those of PresignGet and PresignPut.
type PresignOptions struct {
	Expires       time.Duration // 1 s to 7 days; 15 minutes.
	ContentType   string        // Put: the only Content-Type accepted; any.
	PayloadSHA256 string        // Put: hex SHA-256 of the only body accepted, in an x-amz-content-sha256 header; any.
}

// PresignedURL is as good as a password until it ends.
type PresignedURL struct {
	URL      string
	Expires  time.Time
	CutShort bool // The access keys end before the time that was asked for.
}

// PresignGet makes a URL with which anyone may read the object for a while. Nothing is asked of S3.
func (c *Client) PresignGet(ctx context.Context, bucket, key string, options *PresignOptions) (PresignedURL, error) {
	return c.presign(ctx, "PresignGet", "GET", bucket, key, options)
}

// PresignPut makes a URL with which anyone may store the object for a while. Nothing is asked of S3.
func (c *Client) PresignPut(ctx context.Context, bucket, key string, options *PresignOptions) (PresignedURL, error) {
	return c.presign(ctx, "PresignPut", "PUT", bucket, key, options)
}

func (c *Client) presign(ctx context.Context, op, method, bucket, key string, options *PresignOptions) (PresignedURL, error) {
	f, err := c.begin(ctx, op)
	if err != nil {
		return PresignedURL{}, err
	}
	defer f.end()
	if options == nil {
		options = &PresignOptions{}
	}
	f.text(method)
	f.text(bucket)
	f.text(key)
	f.optional(options.ContentType)
	f.optional(options.PayloadSHA256)
	f.seconds("Expires", options.Expires)
	if err := f.run(opS3Presign, nil); err != nil {
		return PresignedURL{}, err
	}
	r := f.read()
	return PresignedURL{URL: r.text(), Expires: r.moment(), CutShort: r.bool()}, nil
}
