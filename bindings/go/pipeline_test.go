package icecat_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"icecat.invalid/icecat"
	"icecat.invalid/icecat/internal/testlocal"
)

func TestWhatIsNoImageIsNotSent(t *testing.T) {
	client := clientOf(t, needLocal(t))
	ctx := within(t, time.Minute)
	if _, err := client.Submit(ctx, icecat.Bytes([]byte("no image")), nil); !errors.Is(err, icecat.ErrImageFormat) {
		t.Errorf("text: %v", err)
	}
	if _, err := client.Submit(ctx, icecat.File("/nowhere.jpg"), nil); !errors.Is(err, fs.ErrNotExist) || !errors.Is(err, icecat.ErrFile) {
		t.Errorf("no file: %v", err)
	}
	if _, err := client.Submit(ctx, sample("dog.jpg").Limit(10), nil); !errors.Is(err, icecat.ErrLimit) {
		t.Errorf("over the limit: %v", err)
	}
	broken := errors.New("broken")
	_, err := client.Submit(ctx, icecat.Reader(io.MultiReader(strings.NewReader("x"), failingReader{broken})), nil)
	if !errors.Is(err, broken) || !errors.Is(err, icecat.ErrCallback) {
		t.Errorf("a reader that fails: %v", err)
	}
	report, err := client.SubmitMany(ctx, []string{testlocal.Sample("notes.png")}, nil)
	if !errors.Is(err, icecat.ErrImageFormat) || report == nil || report.Counts.Rejected != 1 || len(report.Fingerprints()) != 0 {
		t.Errorf("notes: %+v, %v", report, err)
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

func TestOnePictureFromMemory(t *testing.T) {
	client := clientOf(t, needLocal(t))
	ctx := within(t, time.Minute)
	data := testlocal.Variant(t, "dog.jpg")
	sent, err := client.Submit(ctx, icecat.Bytes(data), &icecat.SubmitOptions{FileName: "Hündchen.jpg"})
	must(t, err)
	sum := sha256.Sum256(data)
	if sent.Fingerprint != hex.EncodeToString(sum[:]) || !strings.HasPrefix(sent.Key, sent.Fingerprint) || sent.Size != int64(len(data)) {
		t.Errorf("sent %+v", sent)
	}
	results, err := client.Wait(ctx, sent, nil)
	must(t, err)
	if len(results) != 1 || results[0].IsCat || results[0].FileName != "Hündchen.jpg" || results[0].State != icecat.Judged {
		t.Errorf("results %+v", results)
	}
	one, err := client.Result(ctx, sent, "", nil)
	must(t, err)
	if one.Fingerprint != sent.Fingerprint {
		t.Errorf("one: %+v", one)
	}
	file, err := os.Open(testlocal.Sample("owl.png"))
	must(t, err)
	defer file.Close()
	second, err := client.Submit(ctx, icecat.Reader(file), &icecat.SubmitOptions{Batch: sent.Batch})
	must(t, err)
	if second.FileName != "owl.png" || second.Batch != sent.Batch || !strings.HasSuffix(second.Key, ".png") {
		t.Errorf("second: %+v", second)
	}
	_, err = client.Wait(ctx, second, nil)
	must(t, err)
	if results, err := client.Results(ctx, sent.Batch, nil).Collect(); err != nil || len(results) != 2 {
		t.Errorf("of the batch: %+v, %v", results, err)
	}
	if _, err := client.Result(ctx, sent.Batch, "0000", nil); !errors.Is(err, icecat.ErrNotFound) {
		t.Errorf("no such record: %v", err)
	}
}

func TestProcessAndForget(t *testing.T) {
	if _, err := testlocal.Built("examples/local/icecat-local"); err != nil {
		t.Skip(err)
	}
	l := testlocal.Need(t, "--bootstrap", "/bin/false") // the last one counts: nobody else processes
	client := clientOf(t, l, icecat.WithDebug())
	ctx := within(t, time.Minute)
	sent, err := client.Submit(ctx, sample("tabby.jpg"), nil)
	must(t, err)
	made, err := client.Process(ctx, "icecat-source", sent.Key)
	must(t, err)
	if made.Action != icecat.Processed || !made.IsCat || made.Fingerprint != sent.Fingerprint || made.Batch != sent.Batch ||
		made.LabelCount == 0 || made.Confidence < 50 {
		t.Errorf("processed: %+v", made)
	}
	again, err := client.Process(ctx, "icecat-source", sent.Key)
	must(t, err)
	if again.Action != icecat.ProcessedBefore {
		t.Errorf("again: %+v", again)
	}
	one, err := client.Result(ctx, sent, "", &icecat.ResultsOptions{Logs: true, Attributes: true, Response: true})
	must(t, err)
	var attributes map[string]string
	if err := json.Unmarshal([]byte(one.AttributesJSON), &attributes); err != nil || attributes["op_status"] != "success" {
		t.Errorf("attributes: %v, %s", err, one.AttributesJSON)
	}
	if len(one.Logs()) == 0 || len(one.Labels()) == 0 || one.Labels()[0].Name == "" {
		t.Errorf("logs %v, labels %v", one.Logs(), one.Labels())
	}
	if removed, err := client.Forget(ctx, "icecat-dest", sent.Key); err != nil || removed {
		t.Errorf("forgotten while it is there: %v, %v", removed, err)
	}
	must(t, client.DeleteObject(ctx, "icecat-dest", sent.Key))
	if removed, err := client.Forget(ctx, "icecat-dest", sent.Key); err != nil || !removed {
		t.Errorf("not forgotten: %v, %v", removed, err)
	}
	_, err = client.PutObject(ctx, "icecat-source", "foreign", icecat.Bytes([]byte("x")), nil)
	must(t, err)
	if _, err := client.Process(ctx, "icecat-source", "foreign"); !errors.Is(err, icecat.ErrKey) {
		t.Errorf("a foreign key: %v", err)
	}
}

func TestSamplesGetTheirVerdicts(t *testing.T) {
	client := clientOf(t, needLocal(t))
	want := expectedVerdicts(t)
	var paths []string
	for name := range want {
		paths = append(paths, testlocal.Sample(name))
	}
	var counts []icecat.SubmitCounts
	report, err := client.SubmitMany(within(t, time.Minute), paths, &icecat.SubmitOptions{
		Progress: func(c icecat.SubmitCounts) error { counts = append(counts, c); return nil },
	})
	if !errors.Is(err, icecat.ErrPartial) || len(report.Submissions) != len(want) || counts[len(counts)-1] != report.Counts {
		t.Fatalf("report %+v, %v", report, err)
	}
	submitted := 0
	for _, one := range report.Submissions {
		refused := want[one.FileName] == "refused"
		if refused != (one.Action == icecat.Rejected) || refused != (one.Err != nil) || one.Path != paths[one.Index] {
			t.Errorf("%+v", one)
		}
		if !refused {
			submitted++
		}
	}
	looks := int64(0)
	found, err := client.Wait(within(t, 90*time.Second), report, &icecat.ResultsOptions{
		Progress: func(finished, total int64) error { looks = finished; return nil },
	})
	must(t, err)
	if len(found) != submitted || looks != int64(submitted) {
		t.Errorf("%d results, %d finished, %d submitted", len(found), looks, submitted)
	}
	for _, one := range found {
		if one.State != icecat.Judged || one.IsCat != (want[one.FileName] == "cat") ||
			one.JudgedAt.Before(one.UploadedAt) || one.ClientID != "tester" {
			t.Errorf("%s: %+v", want[one.FileName], one)
		}
	}
	expectSearches(t, client, report, submitted)
}

// expectedVerdicts are "cat", "none" or "refused" by the sample's name.
func expectedVerdicts(t *testing.T) map[string]string {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(testlocal.Root(), "examples", "samples", "expected.tsv"))
	must(t, err)
	verdicts := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(table)), "\n") {
		if fields := strings.Split(line, "\t"); !strings.HasPrefix(line, "#") {
			verdicts[fields[0]] = fields[2]
		}
	}
	return verdicts
}

func expectSearches(t *testing.T, client *icecat.Client, report *icecat.SubmitReport, submitted int) {
	t.Helper()
	ctx := within(t, time.Minute)
	count := func(options icecat.SearchOptions) int {
		found, err := client.Search(ctx, options).Collect()
		must(t, err)
		number := 0
		for _, one := range found {
			if one.Batch == report.Batch {
				number++
			}
		}
		return number
	}
	cats := count(icecat.SearchOptions{Batch: report.Batch, Verdict: icecat.Cat})
	others := count(icecat.SearchOptions{Verdict: icecat.NotCat})
	hour := time.Hour
	if cats == 0 || cats+others != submitted || count(icecat.SearchOptions{ClientID: "tester", Since: time.Now().Add(-hour)}) != submitted ||
		count(icecat.SearchOptions{ClientID: "tester", Until: time.Now().Add(-hour)}) != 0 ||
		count(icecat.SearchOptions{Batch: report.Batch, State: icecat.Pending}) != 0 ||
		count(icecat.SearchOptions{Batch: report.Batch, MaxResults: 1}) != 1 {
		t.Errorf("%d cats, %d others of %d", cats, others, submitted)
	}
	if _, err := client.Search(ctx, icecat.SearchOptions{}).Collect(); !errors.Is(err, icecat.ErrArgument) {
		t.Errorf("a search for everything: %v", err)
	}
	first := 0
	client.Results(ctx, report.Batch, nil)(func(icecat.Result, error) bool { first++; return false })
	if first != 1 {
		t.Errorf("%d results were given after the first was enough", first)
	}
}
