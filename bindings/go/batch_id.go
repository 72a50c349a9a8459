package icecat

import "strconv"

// BatchID is the number of a batch. Batches of the Python client before libicecat have 10 digits, others 16.
type BatchID uint64

// NewBatchID makes one that is unique in practice. ErrInternal: the system has no randomness.
func NewBatchID() (BatchID, error) {
	f := newFrame("NewBatchID")
	defer f.end()
	if err := f.run(opBatchIDNew, nil); err != nil {
		return 0, err
	}
	r := f.read()
	id := BatchID(r.number())
	if id == 0 {
		return 0, failed("NewBatchID", ErrInternal, nil, "the system has no randomness")
	}
	return id, nil
}

// ParseBatchID reads "batch-1744377772123456", or only the digits.
func ParseBatchID(text string) (BatchID, error) {
	f := newFrame("ParseBatchID")
	defer f.end()
	f.text(text)
	if err := f.run(opBatchIDParse, nil); err != nil {
		return 0, err
	}
	r := f.read()
	return BatchID(r.number()), nil
}

// String is as in object keys and files: "batch-1744377772123456".
func (b BatchID) String() string { return "batch-" + strconv.FormatUint(uint64(b), 10) }

// Target is what results are wanted of: a BatchID (all records of the batch), a *SubmitReport or a Submission (the images
// that were submitted).
type Target interface {
	target() (batch BatchID, fingerprints []string)
}

func (b BatchID) target() (BatchID, []string) { return b, nil }
