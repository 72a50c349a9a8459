package icecat

import (
	"context"
	"encoding/json"
)

// DetectOptions are those of DetectLabels and DetectLabelsS3.
type DetectOptions struct {
	Label         string   // That makes the verdict; the client's, "Cat".
	MinConfidence float64  // Percent, 0 to 100; the service's default is 55.
	MaxLabels     int      // The service's default is 1000.
	Include       []string // Only labels with these names, at most 100.
}

// Box is where in the image a thing is; parts of its width and height, 0 to 1.
type Box struct {
	Left       float64 `json:"left"`
	Top        float64 `json:"top"`
	Width      float64 `json:"width"`
	Height     float64 `json:"height"`
	Confidence float64 `json:"confidence"` // Percent; 0 when unknown.
}

// Label is one thing that Rekognition sees.
type Label struct {
	Name       string   `json:"name"`       // E.g. "Cat".
	Confidence float64  `json:"confidence"` // Percent.
	Parents    []string `json:"parents"`    // E.g. "Animal", "Pet".
	Aliases    []string `json:"aliases"`    // Not kept in records.
	Boxes      []Box    `json:"boxes"`
}

// Detection is the verdict about one image, and its labels, surest first.
type Detection struct {
	IsCat      bool    // The label that was asked about is there, by its name, a parent or an alias.
	Confidence float64 // Percent; 0 when not found.
	Labels     []Label
	LabelsJSON string // The labels as records have them.
	Response   string // The service's whole answer, JSON.
}

// DetectLabels asks Rekognition directly: at most 5,242,880 bytes. The bucket and the table are not used. ErrRejected: the
// service will never accept this image. ErrLimit: it is too long, and nothing was sent.
func (c *Client) DetectLabels(ctx context.Context, image Source, options *DetectOptions) (*Detection, error) {
	f, err := c.begin(ctx, "DetectLabels")
	if err != nil {
		return nil, err
	}
	defer f.end()
	data, err := image.bytes(ctx, "DetectLabels")
	if err != nil {
		return nil, err
	}
	f.text(options.label(c))
	options.write(f)
	if err := f.run(opDetect, data); err != nil {
		return nil, err
	}
	return readDetection(f), nil
}

// DetectLabelsS3 asks Rekognition about an object of a bucket in the same region; up to 15 MB.
func (c *Client) DetectLabelsS3(ctx context.Context, bucket, key string, options *DetectOptions) (*Detection, error) {
	f, err := c.begin(ctx, "DetectLabelsS3")
	if err != nil {
		return nil, err
	}
	defer f.end()
	f.text(options.label(c))
	f.text(bucket)
	f.text(key)
	options.write(f)
	if err := f.run(opDetectS3, nil); err != nil {
		return nil, err
	}
	return readDetection(f), nil
}

func (o *DetectOptions) label(c *Client) string {
	if o == nil || o.Label == "" {
		return c.label
	}
	return o.Label
}

func (o *DetectOptions) write(f *frame) {
	if o == nil {
		o = &DetectOptions{}
	}
	f.texts(o.Include)
	f.real(o.MinConfidence)
	f.number32("MaxLabels", o.MaxLabels)
}

func readDetection(f *frame) *Detection {
	r := f.read()
	d := &Detection{IsCat: r.bool(), Confidence: r.real(), LabelsJSON: r.text(), Response: r.text()}
	d.Labels = make([]Label, r.number())
	for i := range d.Labels {
		d.Labels[i] = Label{Name: r.text(), Confidence: r.real(), Parents: r.texts(), Aliases: r.texts(), Boxes: readBoxes(&r)}
	}
	return d
}

func readBoxes(r *reader) []Box {
	boxes := make([]Box, r.number())
	for i := range boxes {
		boxes[i] = Box{Left: r.real(), Top: r.real(), Width: r.real(), Height: r.real(), Confidence: r.real()}
	}
	return boxes
}

// recordedLabels are those of a record.
func recordedLabels(document string) []Label {
	var labels []Label
	if document == "" || json.Unmarshal([]byte(document), &labels) != nil {
		return nil
	}
	return labels
}
