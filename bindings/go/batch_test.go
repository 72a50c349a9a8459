package icecat_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"icecat.invalid/icecat"
)

func record(number int) icecat.BatchRecord {
	return icecat.BatchRecord{ClientID: "tester", Bucket: "bucket", Key: "key", OriginalFileName: "cat.jpg", UploadTime: "2030-01-02-03",
		Fingerprint: strings.Repeat("f",
			64), Path: "pets/cat.jpg", ETag: `"e"`, DuplicateOf: "first.jpg", Batch: 1744377772123456, Size: int64(number) + 1,
		UploadedAt: time.Unix(1744377772, 0).UTC()}
}

func TestABatchFileComesBackAsItWent(t *testing.T) {
	file := filepath.Join(t.TempDir(), "batch.json")
	batch, err := icecat.NewBatch()
	must(t, err)
	defer batch.Close()
	for i := 0; i < 3; i++ {
		must(t, batch.Add(record(i)))
	}
	must(t, batch.Save(file))
	again, err := icecat.LoadBatch(file)
	must(t, err)
	defer again.Close()
	if again.Len() != 3 {
		t.Errorf("%d records", again.Len())
	}
	at := 0
	again.All()(func(got icecat.BatchRecord) bool {
		if want := record(at); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		at++
		return at < 2
	})
	if _, ok := again.Record(3); ok || at != 2 {
		t.Errorf("there is a fourth record, or %d were given", at)
	}
}

func TestAJournalOutlivesItsProgram(t *testing.T) {
	folder := t.TempDir()
	journal := filepath.Join(folder, "journal")
	batch, err := icecat.NewBatch()
	must(t, err)
	must(t, batch.Note("to do: cat.jpg"))
	must(t, batch.Journal(journal))
	must(t, batch.Defer())
	must(t, batch.Add(record(0)))
	must(t, batch.Sync())
	if err := batch.Journal(journal); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("a second journal: %v", err)
	}
	must(t, batch.Close()) // as a program that ends
	if err := batch.Add(record(1)); !errors.Is(err, icecat.ErrClosed) || batch.Len() != 0 {
		t.Errorf("a closed batch: %v", err)
	}
	resumed, err := icecat.ResumeBatch(journal)
	must(t, err)
	defer resumed.Close()
	must(t, resumed.Add(record(1)))
	notes, err := resumed.Notes()
	if err != nil || resumed.Len() != 2 || !reflect.DeepEqual(notes, []string{"to do: cat.jpg"}) {
		t.Errorf("%d records, notes %q, %v", resumed.Len(), notes, err)
	}
	must(t, resumed.Save(filepath.Join(folder, "batch.json")))
	if _, err := os.Stat(journal); !os.IsNotExist(err) {
		t.Errorf("the journal is still there: %v", err)
	}
	must(t, os.WriteFile(journal, []byte("[{}]"), 0o600))
	if _, err := icecat.LoadBatch(journal); !errors.Is(err, icecat.ErrParse) {
		t.Errorf("a record without fields: %v", err)
	}
	if _, err := icecat.LoadBatch(filepath.Join(folder, "none")); !errors.Is(err, icecat.ErrFile) {
		t.Errorf("no file: %v", err)
	}
}
