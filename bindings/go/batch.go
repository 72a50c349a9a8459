package icecat

import (
	"context"
	"time"
)

// Batch is the file of a batch: the JSON array that the icecat command and the Python client before it write to logs/. Any
// number of goroutines may use one.
type Batch struct{ handle *handle }

// BatchRecord is one line of a batch file.
type BatchRecord struct {
	ClientID         string
	Bucket           string
	Key              string
	OriginalFileName string
	UploadTime       string // "YYYY-MM-DD-HH", UTC.
	Fingerprint      string
	Path             string // "" when the file does not tell, as the next two.
	ETag             string
	DuplicateOf      string // File name of the equal image; "" when it is the first.
	Batch            BatchID
	Size             int64 // 0 when the file does not tell.
	UploadedAt       time.Time
	Position         int64 // Place in the file, from 1, whatever the order of adding; 0: before all that have one.
}

// NewBatch makes an empty batch.
func NewBatch() (*Batch, error) { return openBatch("NewBatch", opBatchNew, nil) }

// LoadBatch reads a batch file: the array, or the journal of a submission that did not end.
func LoadBatch(path string) (*Batch, error) { return openBatch("LoadBatch", opBatchLoad, &path) }

// ResumeBatch reads a journal and goes on with it: later records are appended to the same file.
func ResumeBatch(path string) (*Batch, error) { return openBatch("ResumeBatch", opBatchResume, &path) }

func openBatch(op string, number operation, path *string) (*Batch, error) {
	f := newFrame(op)
	defer f.end()
	if path != nil {
		f.text(*path)
	}
	if err := f.run(number, nil); err != nil {
		return nil, err
	}
	return &Batch{newHandle(f.record.made, freeWith(opBatchFree))}, nil
}

// run does one thing with the batch, which belongs to one thread at a time.
func (b *Batch) run(op string, number operation, write func(f *frame), read func(r *reader)) error {
	f, err := begin(context.Background(), op, b.handle)
	if err != nil {
		return err
	}
	defer f.end()
	if write != nil {
		write(f)
	}
	b.handle.serial.Lock()
	defer b.handle.serial.Unlock()
	if err := f.run(number, nil); err != nil {
		return err
	}
	if read != nil {
		r := f.read()
		read(&r)
	}
	return nil
}

func text(value string) func(f *frame) { return func(f *frame) { f.text(value) } }

// Add appends a record, with a journal also to that file.
func (b *Batch) Add(record BatchRecord) error {
	return b.run("Add", opBatchAdd, func(f *frame) {
		f.text(record.ClientID)
		f.text(record.Bucket)
		f.text(record.Key)
		f.text(record.OriginalFileName)
		f.text(record.UploadTime)
		f.text(record.Fingerprint)
		f.optional(record.Path)
		f.optional(record.ETag)
		f.optional(record.DuplicateOf)
		f.number(uint64(record.Batch))
		f.unsigned("Size", record.Size)
		f.second(record.UploadedAt)
		f.unsigned("Position", record.Position)
	}, nil)
}

// Note appends a text of the caller's own, which is kept in the journal only.
func (b *Batch) Note(note string) error { return b.run("Note", opBatchNote, text(note), nil) }

// Notes are those in memory: which no journal has yet, or which were read.
func (b *Batch) Notes() ([]string, error) {
	var notes []string
	err := b.run("Notes", opBatchNotes, nil, func(r *reader) { notes = r.texts() })
	return notes, err
}

// Journal keeps all that the batch has, and what comes, in an append-only file too, so that a killed program loses
// nothing. The file must not exist. Save removes it.
func (b *Batch) Journal(path string) error { return b.run("Journal", opBatchJournal, text(path), nil) }

// Defer makes Add no longer wait for the disk: Sync does.
func (b *Batch) Defer() error { return b.run("Defer", opBatchDefer, nil, nil) }

// Sync waits until all that was added is on the disk.
func (b *Batch) Sync() error { return b.run("Sync", opBatchSync, nil, nil) }

// Save writes the array to a file, whole or not at all, and removes the journal.
func (b *Batch) Save(path string) error { return b.run("Save", opBatchSave, text(path), nil) }

// Len is the number of records; 0 after Close.
func (b *Batch) Len() int {
	count := 0
	_ = b.run("Len", opBatchCount, nil, func(r *reader) { count = r.int() }) // fails after Close only
	return count
}

// Record is that at an index; false when there are fewer.
func (b *Batch) Record(index int) (BatchRecord, bool) {
	var record BatchRecord
	err := b.run("Record", opBatchAt, func(f *frame) { f.unsigned("index", int64(index)) }, func(r *reader) {
		record = BatchRecord{ClientID: r.text(), Bucket: r.text(), Key: r.text(), OriginalFileName: r.text(),
			UploadTime: r.text(), Fingerprint: r.text(), Path: r.text(), ETag: r.text(), DuplicateOf: r.text(),
			Batch: BatchID(r.number()), Size: r.signed(), UploadedAt: r.moment(), Position: r.signed()}
	})
	return record, err == nil
}

// All are the records, to range over.
func (b *Batch) All() func(yield func(BatchRecord) bool) {
	return func(yield func(BatchRecord) bool) {
		for i := 0; ; i++ {
			record, ok := b.Record(i)
			if !ok || !yield(record) {
				return
			}
		}
	}
}

// Close closes the journal, which stays, and frees the batch.
func (b *Batch) Close() error {
	b.handle.close()
	return nil
}
