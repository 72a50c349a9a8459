package icecat

// A body in signed chunks (aws-chunked), when its hash is not known before it is sent: icecat/sigv4.h says what is sent in
// which order.

// SignChunk signs one chunk of a body. previous is the signature of the chunk before, of the request for the first one;
// the chunk without data ends the body.
func SignChunk(options *SignOptions, previous string, data []byte) (string, error) {
	return signPart("SignChunk", opSigV4SignChunk, options, data, func(f *frame) { f.text(previous) })
}

// SignTrailer signs the headers behind the last chunk: at most 100, together at most 8 kB.
func SignTrailer(options *SignOptions, previous string, trailers []Header) (string, error) {
	return signPart("SignTrailer", opSigV4SignTrailer, options, nil, func(f *frame) {
		f.text(previous)
		writeTrailers(f, trailers)
	})
}

func signPart(op string, number operation, options *SignOptions, data []byte, write func(f *frame)) (string, error) {
	f, err := options.begin(op)
	if err != nil {
		return "", err
	}
	defer f.end()
	write(f)
	options.write(f)
	if err := f.run(number, data); err != nil {
		return "", err
	}
	r := f.read()
	return r.text(), nil
}

func writeTrailers(f *frame, trailers []Header) {
	f.number(uint64(len(trailers)))
	for _, trailer := range trailers {
		f.text(trailer.Name)
		f.text(trailer.Value)
	}
}

// ChunkHead is what stands before the bytes of a chunk: "LENGTH;chunk-signature=SIGNATURE\r\n". "" when the signature is
// not 64 hex digits.
func ChunkHead(length int64, signature string) string {
	f := newFrame("ChunkHead")
	defer f.end()
	f.unsigned("length", length)
	f.text(signature)
	if f.run(opSigV4ChunkHead, nil) != nil {
		return ""
	}
	r := f.read()
	return r.text()
}

// ChunkedLength is the Content-Length of a body in signed chunks of chunkLength bytes each. 0 when chunkLength is, or when
// it would be over 2^62.
func ChunkedLength(length, chunkLength int64, trailers []Header) int64 {
	f := newFrame("ChunkedLength")
	defer f.end()
	f.unsigned("length", length)
	f.unsigned("chunkLength", chunkLength)
	writeTrailers(f, trailers)
	if f.run(opSigV4ChunkedLength, nil) != nil {
		return 0
	}
	r := f.read()
	return r.signed()
}
