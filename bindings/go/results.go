package icecat

import (
	"context"
	"encoding/json"
	"time"
)

// State is how far an image is.
type State uint32

const (
	Missing State = 0 // Asked for, but the table has no record.
	Pending State = 1
	Judged  State = 2 // See IsCat.
	Refused State = 3 // It cannot be judged; see FailCode.
)

// String is "missing", "pending", "success" or "fail", as in the table.
func (s State) String() string {
	names := [...]string{"missing", "pending", "success", "fail"}
	if int(s) < len(names) {
		return names[s]
	}
	return "unknown"
}

// Result is the record of one image.
type Result struct {
	State       State
	IsCat       bool    // Only when State is Judged.
	Confidence  float64 // Percent; -1 when unknown.
	Fingerprint string
	Batch       BatchID
	ClientID    string
	FileName    string
	Object      string // "bucket/key" where the image is now.
	LabelsJSON  string
	LogsJSON    string // With ResultsOptions.Logs only.
	FailCode    string
	FailReason  string
	UploadedAt  time.Time // Zero when unknown, as the next two.
	JudgedAt    time.Time
	ExpiresAt   time.Time // When the table drops the record.

	// AttributesJSON is all of the record, a JSON object of strings. With ResultsOptions.Attributes only.
	AttributesJSON string
}

// Labels are those of LabelsJSON.
func (r *Result) Labels() []Label { return recordedLabels(r.LabelsJSON) }

// Logs are the lines of LogsJSON.
func (r *Result) Logs() []string {
	var lines []json.RawMessage
	if r.LogsJSON == "" || json.Unmarshal([]byte(r.LogsJSON), &lines) != nil {
		return nil
	}
	logs := make([]string, len(lines))
	for i, line := range lines {
		if json.Unmarshal(line, &logs[i]) != nil {
			logs[i] = string(line)
		}
	}
	return logs
}

// Results are what a call finds. They may be ranged over again, which asks again.
type Results func(yield func(Result, error) bool)

// Collect gives all results.
func (r Results) Collect() ([]Result, error) { return collect(r) }

// ResultsOptions are those of Result, Results and Wait.
type ResultsOptions struct {
	Fingerprints []string // Only these; those of the Target.
	Logs         bool     // Read the logs too.
	Consistent   bool     // Strongly consistent read.
	Response     bool     // Read the service's answer too; the labels of a record of the Python system come from it.
	Attributes   bool     // Give the attributes of the table too.

	// Progress is told after each look of Wait how many of how many images are final.
	Progress func(finished, total int64) error
}

func (o *ResultsOptions) orDefault() *ResultsOptions {
	if o == nil {
		return &ResultsOptions{}
	}
	return o
}

// write also writes which batch is meant.
func (o *ResultsOptions) write(f *frame, of Target) {
	batch, fingerprints := of.target()
	if o.Fingerprints != nil {
		fingerprints = o.Fingerprints
	}
	f.number(uint64(batch))
	f.texts(fingerprints)
	o.writeFlags(f)
}

func (o *ResultsOptions) writeFlags(f *frame) {
	f.bool(o.Logs)
	f.bool(o.Consistent)
	f.bool(o.Response)
	f.bool(o.Attributes)
}

// Result is that of one image. A fingerprint is 64 hex digits, or a prefix of at least 4 that is unique in the batch; "" is
// that of a Submission. ErrNotFound: the table has no such record.
func (c *Client) Result(ctx context.Context, of Target, fingerprint string, options *ResultsOptions) (Result, error) {
	f, err := c.beginPipeline(ctx, "Result")
	if err != nil {
		return Result{}, err
	}
	batch, known := of.target()
	if fingerprint == "" && len(known) == 1 {
		fingerprint = known[0]
	}
	f.number(uint64(batch))
	f.text(fingerprint)
	f.texts(nil)
	options.orDefault().writeFlags(f)
	rows, err := f.rows(opResult)
	if err != nil {
		return Result{}, err
	}
	record := rows.next()
	return readResult(&record), nil
}

// Results are those of a batch, or of what was submitted, as they are when this is ranged over. All are read before the
// first is given.
func (c *Client) Results(ctx context.Context, of Target, options *ResultsOptions) Results {
	return c.results(ctx, "Results", opResults, func(f *frame) { options.orDefault().write(f, of) })
}

// Search finds results by what is given together; one of Batch, ClientID and Verdict is needed.
func (c *Client) Search(ctx context.Context, options SearchOptions) Results {
	return c.results(ctx, "Search", opSearch, options.write)
}

func (c *Client) results(ctx context.Context, op string, number operation, write func(f *frame)) Results {
	return func(yield func(Result, error) bool) {
		f, err := c.beginPipeline(ctx, op)
		if err != nil {
			yield(Result{}, err)
			return
		}
		write(f)
		rows, err := f.rows(number)
		if err != nil {
			yield(Result{}, err)
			return
		}
		each(rows, readResult, yield)
	}
}

// Verdict is which verdict to search for.
type Verdict uint32

const (
	AnyVerdict Verdict = 0
	Cat        Verdict = 1
	NotCat     Verdict = 2
)

// SearchOptions are what Search is to find. Zero in any field means any.
type SearchOptions struct {
	Batch       BatchID
	ClientID    string    // Who submitted.
	Verdict     Verdict   // Only judged images have one.
	State       State     // Pending, Judged or Refused.
	Since       time.Time // Uploaded then or later ...
	Until       time.Time // ... and before that.
	MaxResults  int64     // Stop after so many.
	NewestFirst bool      // Of a search by client or verdict.
	Logs        bool      // As in ResultsOptions.
	Response    bool
	Attributes  bool
}

func (o SearchOptions) write(f *frame) {
	f.optional(o.ClientID)
	f.number(uint64(o.Batch))
	f.second(ceiling(o.Since))
	f.second(ceiling(o.Until))
	f.unsigned("MaxResults", o.MaxResults)
	f.number(uint64(o.State))
	f.number(uint64(o.Verdict))
	f.bool(o.NewestFirst)
	f.bool(o.Logs)
	f.bool(o.Response)
	f.bool(o.Attributes)
}

// ceiling is the first whole second that is not before a moment.
func ceiling(moment time.Time) time.Time {
	if moment.IsZero() || moment.Nanosecond() == 0 {
		return moment
	}
	return moment.Add(time.Second - time.Duration(moment.Nanosecond()))
}

// Wait waits until every image has a verdict or has failed, and gives the results. The deadline of ctx bounds it.
// ErrPending: the time is over and some are pending or missing; the results are those of the last look.
func (c *Client) Wait(ctx context.Context, of Target, options *ResultsOptions) ([]Result, error) {
	options = options.orDefault()
	f, err := c.beginPipeline(ctx, "Wait")
	if err != nil {
		return nil, err
	}
	f.grace = waitGrace
	if options.Progress != nil {
		f.callback(&looking{f, options.Progress})
	}
	options.write(f, of)
	rows, err := f.rows(opWait)
	var found []Result
	each(rows, readResult, func(one Result, _ error) bool {
		found = append(found, one)
		return true
	})
	return found, err
}

// waitGrace is how long after the deadline C may take to end by itself, with the results of the last look.
const waitGrace = time.Second

// looking is the function of one wait.
type looking struct {
	call     *frame
	progress func(finished, total int64) error
}

func (l *looking) called(_ int, _ *frame, in, _ []byte) int64 {
	r := reader{string(in)}
	return l.call.protect(func() (int64, error) { return 0, l.progress(r.signed(), r.signed()) })
}

func readResult(r *reader) Result {
	return Result{Batch: BatchID(r.number()), UploadedAt: r.moment(), JudgedAt: r.moment(), ExpiresAt: r.moment(),
		Confidence: r.real(), State: State(r.number()), IsCat: r.bool(), Fingerprint: r.text(), ClientID: r.text(),
		FileName: r.text(), Object: r.text(), LabelsJSON: r.text(), LogsJSON: r.text(), FailCode: r.text(),
		FailReason: r.text(), AttributesJSON: r.text()}
}
