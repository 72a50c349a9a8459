package icecat

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// mostBytes is what is read of files and readers, unless Limit says otherwise. No service takes larger images.
const mostBytes = 64 << 20

// Source is where the bytes of an image or an object are: File, Bytes or Reader.
type Source struct {
	path   string
	data   []byte
	reader io.Reader
	limit  int64
}

// File is a file by its path.
func File(path string) Source { return Source{path: path} }

// Bytes are bytes in memory. They are not copied, and must not be changed during the call.
func Bytes(data []byte) Source { return Source{data: data} }

// Reader is what a reader gives until its end. It is read into memory before a request is sent, because a request is
// signed with the hash of its body. A read that does not return holds the call up; its context is looked at in between.
func Reader(r io.Reader) Source { return Source{reader: r} }

// Limit sets how many bytes of a file or a reader are taken; more are refused with ErrLimit. 64 MiB.
func (s Source) Limit(most int64) Source {
	s.limit = most
	return s
}

// name is the last part of a file's name; "" for what has none.
func (s Source) name() string {
	if s.path != "" {
		return filepath.Base(s.path)
	}
	if file, ok := s.reader.(*os.File); ok {
		return filepath.Base(file.Name())
	}
	return ""
}

// bytes reads all of it.
func (s Source) bytes(ctx context.Context, op string) ([]byte, error) {
	reader := s.reader
	size := 0
	if s.path != "" {
		file, err := os.Open(s.path)
		if err != nil {
			return nil, failed(op, ErrFile, err)
		}
		defer file.Close()
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			size = int(info.Size())
		}
		reader = file
	}
	if reader == nil {
		return s.data, nil
	}
	most := s.limit
	if most <= 0 {
		most = mostBytes
	}
	if int64(size) > most {
		return nil, s.tooLong(op)
	}
	data, err := readAll(ctx, reader, size, most)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ended(ctx, op)
	case err != nil && s.path != "":
		return nil, failed(op, ErrFile, err)
	case err != nil:
		return nil, failed(op, ErrCallback, err)
	case int64(len(data)) > most:
		return nil, s.tooLong(op)
	}
	return data, nil
}

func (s Source) tooLong(op string) error {
	return failed(op, ErrLimit, nil, "the file or reader has more bytes than its limit; Source.Limit sets another")
}

// readAll reads until the end, or one byte over most.
func readAll(ctx context.Context, reader io.Reader, size int, most int64) ([]byte, error) {
	data := make([]byte, 0, size+512)
	limited := io.LimitReader(reader, most+1)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := limited.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if errors.Is(err, io.EOF) {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
