package icecat

import (
	"context"
	"errors"
	"io"
)

// Profile says whose limits apply to an image.
type Profile uint32

const (
	ProfileS3    Profile = 0 // Read from S3: 15 MiB, 80 to 10,000 pixels a side. The default.
	ProfileBytes Profile = 1 // Sent in the request: 5,242,880 bytes, 80 to 10,000 pixels a side.
	ProfileAny   Profile = 2 // Only soundness.
)

// native is the number of the library, whose zero is another profile.
func (p Profile) native() uint64 {
	switch p {
	case ProfileS3:
		return 1
	case ProfileBytes:
		return 0
	}
	return uint64(p)
}

// ImageOptions are limits. Zero in any field means the profile's value.
type ImageOptions struct {
	Profile     Profile
	MaxBytes    int64
	MaxPixels   int64
	TotalBytes  int64 // Size of the whole file, when only its first bytes are given; 64 kB are enough.
	MinSide     int   // Pixels.
	MaxSide     int   // Pixels.
	MaxSegments int   // Most chunks or segments before the pixels; 65,536.
	Strict      bool  // Warnings are refusals.
	CheckCRC    bool  // Check the CRC of every PNG chunk; reads the whole file.
}

func (o *ImageOptions) write(f *frame) {
	if o == nil {
		o = &ImageOptions{}
	}
	f.number(o.Profile.native())
	f.unsigned("MaxBytes", o.MaxBytes)
	f.unsigned("MaxPixels", o.MaxPixels)
	f.unsigned("TotalBytes", o.TotalBytes)
	f.number32("MinSide", o.MinSide)
	f.number32("MaxSide", o.MaxSide)
	f.bool(o.Strict)
	f.number32("MaxSegments", o.MaxSegments)
	f.bool(o.CheckCRC)
}

// ImageFormat is what bytes are.
type ImageFormat uint32

const (
	FormatUnknown ImageFormat = 0
	FormatJPEG    ImageFormat = 1
	FormatPNG     ImageFormat = 2
)

// String is a short name, e.g. "jpeg", "webp", "lfs-pointer"; "unknown" for others.
func (f ImageFormat) String() string {
	name, _ := f.names()
	return name
}

// ContentType is e.g. "image/jpeg"; "" for what is not an image.
func (f ImageFormat) ContentType() string {
	_, contentType := f.names()
	return contentType
}

func (f ImageFormat) names() (name, contentType string) {
	call := newFrame("ImageFormat")
	defer call.end()
	call.number(uint64(f))
	if call.run(opImageFormat, nil) != nil {
		return "unknown", ""
	}
	r := call.read()
	return r.text(), r.text()
}

// ImageReason is why an image was refused. Its names are stable.
type ImageReason uint32

// String is e.g. "png-ihdr-crc"; "none" for 0.
func (r ImageReason) String() string {
	call := newFrame("ImageReason")
	defer call.end()
	call.number(uint64(r))
	if call.run(opImageReason, nil) != nil {
		return "unknown-reason"
	}
	name := call.read()
	return name.text()
}

// Warnings are oddities that do not make an image unsound, as bits.
type Warnings uint32

const (
	WarnTrailingData Warnings = 1  // Bytes follow the end of the image.
	WarnEXIFDamaged  Warnings = 2  // The EXIF block is malformed and was ignored.
	WarnExtension    Warnings = 4  // The file's name ends as another format's would.
	WarnJunk         Warnings = 8  // Stray bytes between the markers of a JPEG.
	WarnTailUnseen   Warnings = 16 // Only a prefix was given, so the end was not checked.
	WarnHeaderUnseen Warnings = 32 // The prefix ended before the header did; nothing was wrong so far.
	WarnChunkCRC     Warnings = 64 // With CheckCRC: a PNG chunk that decoders ignore is damaged.
)

// ColourModel is how an image stores its colours.
type ColourModel uint32

const (
	ColourUnknown ColourModel = 0
	ColourGrey    ColourModel = 1
	ColourRGB     ColourModel = 2
	ColourPalette ColourModel = 3
	ColourYCbCr   ColourModel = 4
	ColourCMYK    ColourModel = 5
	ColourYCCK    ColourModel = 6
)

// ImageInfo is what an image's header tells.
type ImageInfo struct {
	Size          int64 // Bytes of the file; 0 when unknown.
	FaultOffset   int64 // Byte at which the refusal was decided.
	TrailingBytes int64
	Format        ImageFormat
	Width         int // Pixels, as stored.
	Height        int
	DisplayWidth  int // Pixels, as shown, after EXIF orientation.
	DisplayHeight int
	Channels      int
	BitDepth      int // Bits of one channel.
	Colour        ColourModel
	HasAlpha      bool
	Progressive   bool // A progressive JPEG or an interlaced PNG.
	Animated      bool
	MultiPicture  bool
	Orientation   int // EXIF, 1 to 8; 0 when absent or illegal.
	Warnings      Warnings
	WithinLimits  bool // Sound and inside the limits.
	Reason        ImageReason
}

// Validate judges an image by its header: no network, no keys, no pixels decoded. Of a file only head and tail are read.
// ImageInfo has what was found, also when the image is refused: with ErrImageFormat, ErrImageCorrupt or ErrImageLimit.
func Validate(image Source, options *ImageOptions) (ImageInfo, error) {
	if image.reader != nil {
		return validateReader(image.reader, options)
	}
	f := newFrame("Validate")
	defer f.end()
	options.write(f)
	op := opImageProbe
	if image.path != "" {
		f.text(image.path)
		op = opImageProbeFile
	}
	err := f.run(op, image.data)
	return readImageInfo(f, err), err
}

// readImageInfo: after a failure that is no refusal there is none.
func readImageInfo(f *frame, err error) ImageInfo {
	var refused *Error
	if err != nil && !(errors.As(err, &refused) && refused.isRefusal()) {
		return ImageInfo{}
	}
	r := f.read()
	return ImageInfo{
		Size: r.signed(), FaultOffset: r.signed(), TrailingBytes: r.signed(), Format: ImageFormat(r.number()),
		Width: r.int(), Height: r.int(), DisplayWidth: r.int(), DisplayHeight: r.int(), Channels: r.int(),
		BitDepth: r.int(), Colour: ColourModel(r.number()), HasAlpha: r.bool(), Progressive: r.bool(),
		Animated: r.bool(), MultiPicture: r.bool(), Orientation: r.int(), Warnings: Warnings(r.number()),
		WithinLimits: r.bool(), Reason: ImageReason(r.number()),
	}
}

func (e *Error) isRefusal() bool {
	return e.Status == ErrImageFormat || e.Status == ErrImageCorrupt || e.Status == ErrImageLimit
}

// validateReader gives the bytes as they come, and keeps none.
func validateReader(reader io.Reader, options *ImageOptions) (ImageInfo, error) {
	f := newFrame("Validate")
	defer f.end()
	options.write(f)
	if err := f.run(opImageStreamNew, nil); err != nil {
		return ImageInfo{}, err
	}
	stream := newHandle(f.record.made, freeWith(opImageStreamFree))
	defer stream.close()
	buffer := make([]byte, 64<<10)
	for {
		n, readErr := reader.Read(buffer)
		if n > 0 {
			if err := feed(stream, buffer[:n]); err != nil {
				return ImageInfo{}, err
			}
		}
		if errors.Is(readErr, io.EOF) {
			return finish(stream)
		}
		if readErr != nil {
			return ImageInfo{}, failed("Validate", ErrCallback, readErr)
		}
	}
}

func feed(stream *handle, data []byte) error {
	f, err := begin(context.Background(), "Validate", stream)
	if err != nil {
		return err
	}
	defer f.end()
	return f.run(opImageStreamFeed, data)
}

func finish(stream *handle) (ImageInfo, error) {
	f, err := begin(context.Background(), "Validate", stream)
	if err != nil {
		return ImageInfo{}, err
	}
	defer f.end()
	f.number(1) // the whole file was given
	err = f.run(opImageStreamFinish, nil)
	return readImageInfo(f, err), err
}
