package icecat

// rows are records that C gave, each with its length, not yet taken apart.
type rows struct {
	bytes []byte
	count int
}

// rows runs a call whose reply is records, and ends it.
func (f *frame) rows(op operation) (rows, error) {
	defer f.end()
	err := f.run(op, nil)
	return readRows(f), err
}

// readRows copies them. There are none after a failure that gave none.
func readRows(f *frame) rows {
	reply := f.take()
	if len(reply) < 8 {
		return rows{}
	}
	if f.record.replyLen <= uint64(len(f.reply)) {
		reply = append([]byte(nil), reply...) // the frame's own, which the next call overwrites
	}
	head := reader{string(reply[:8])}
	return rows{bytes: reply[8:], count: head.int()}
}

// next takes one record; its texts share one string.
func (r *rows) next() reader {
	head := reader{string(r.bytes[:8])}
	length := head.int()
	record := reader{string(r.bytes[8 : 8+length])}
	r.bytes = r.bytes[8+length:]
	r.count--
	return record
}

// each gives the records one after the other, until yield has enough.
func each[T any](r rows, read func(*reader) T, yield func(T, error) bool) bool {
	for r.count > 0 {
		record := r.next()
		if !yield(read(&record), nil) {
			return false
		}
	}
	return true
}

// collect gives all values of an iterator, those before an error too.
func collect[T any](values func(yield func(T, error) bool)) (all []T, err error) {
	values(func(value T, problem error) bool {
		if problem != nil {
			err = problem
			return false
		}
		all = append(all, value)
		return true
	})
	return all, err
}
