//go:build cgo

package icecat

// #include "shim.h"
import "C"

import (
	"runtime/cgo"
	"strconv"
	"sync"
	"unsafe"
)

// operations stand in the order of operation.go.
var operations = [operationCount]C.goicecat_op{
	opVersion:               C.goicecat_op(C.goicecat_version),
	opDependency:            C.goicecat_op(C.goicecat_dependency),
	opStatus:                C.goicecat_op(C.goicecat_status),
	opSSMParameters:         C.goicecat_op(C.goicecat_ssm_parameters),
	opImageProbe:            C.goicecat_op(C.goicecat_image_probe),
	opImageProbeFile:        C.goicecat_op(C.goicecat_image_probe_file),
	opImageStreamNew:        C.goicecat_op(C.goicecat_image_stream_new),
	opImageStreamFeed:       C.goicecat_op(C.goicecat_image_stream_feed),
	opImageStreamFinish:     C.goicecat_op(C.goicecat_image_stream_finish),
	opImageStreamFree:       C.goicecat_op(C.goicecat_image_stream_free),
	opImageFormat:           C.goicecat_op(C.goicecat_image_format),
	opImageReason:           C.goicecat_op(C.goicecat_image_reason),
	opCredentialsStatic:     C.goicecat_op(C.goicecat_credentials_static),
	opCredentialsEnviron:    C.goicecat_op(C.goicecat_credentials_environment),
	opCredentialsDefault:    C.goicecat_op(C.goicecat_credentials_default),
	opCredentialsCallback:   C.goicecat_op(C.goicecat_credentials_callback),
	opCredentialsReport:     C.goicecat_op(C.goicecat_credentials_report),
	opCredentialsDescribe:   C.goicecat_op(C.goicecat_credentials_describe),
	opCredentialsFree:       C.goicecat_op(C.goicecat_credentials_free),
	opClientNew:             C.goicecat_op(C.goicecat_client_new),
	opClientFree:            C.goicecat_op(C.goicecat_client_free),
	opClientAddress:         C.goicecat_op(C.goicecat_client_address),
	opClientReport:          C.goicecat_op(C.goicecat_client_report),
	opClientClockDifference: C.goicecat_op(C.goicecat_client_clock_difference),
	opClientBucketRegion:    C.goicecat_op(C.goicecat_client_bucket_region),
	opClientSettings:        C.goicecat_op(C.goicecat_client_settings),
	opSettingsLoad:          C.goicecat_op(C.goicecat_settings_load),
	opHTTPAnswer:            C.goicecat_op(C.goicecat_http_answer),
	opS3Put:                 C.goicecat_op(C.goicecat_s3_put),
	opS3Get:                 C.goicecat_op(C.goicecat_s3_get),
	opS3Head:                C.goicecat_op(C.goicecat_s3_head),
	opS3Copy:                C.goicecat_op(C.goicecat_s3_copy),
	opS3Delete:              C.goicecat_op(C.goicecat_s3_delete),
	opS3Presign:             C.goicecat_op(C.goicecat_s3_presign),
	opDynamoDBPut:           C.goicecat_op(C.goicecat_dynamodb_put),
	opDynamoDBUpdate:        C.goicecat_op(C.goicecat_dynamodb_update),
	opDynamoDBGet:           C.goicecat_op(C.goicecat_dynamodb_get),
	opDynamoDBDelete:        C.goicecat_op(C.goicecat_dynamodb_delete),
	opDynamoDBQuery:         C.goicecat_op(C.goicecat_dynamodb_query),
	opDynamoDBBatchGet:      C.goicecat_op(C.goicecat_dynamodb_batch_get),
	opDetect:                C.goicecat_op(C.goicecat_rekognition_detect),
	opDetectS3:              C.goicecat_op(C.goicecat_rekognition_detect_s3),
	opPipelineNew:           C.goicecat_op(C.goicecat_pipeline_new),
	opPipelineFree:          C.goicecat_op(C.goicecat_pipeline_free),
	opBatchIDNew:            C.goicecat_op(C.goicecat_batch_id_new),
	opBatchIDParse:          C.goicecat_op(C.goicecat_batch_id_parse),
	opSubmit:                C.goicecat_op(C.goicecat_submit),
	opSubmitMany:            C.goicecat_op(C.goicecat_submit_many),
	opProcess:               C.goicecat_op(C.goicecat_process),
	opForget:                C.goicecat_op(C.goicecat_forget),
	opResult:                C.goicecat_op(C.goicecat_result),
	opResults:               C.goicecat_op(C.goicecat_results),
	opSearch:                C.goicecat_op(C.goicecat_search),
	opWait:                  C.goicecat_op(C.goicecat_wait),
	opBatchNew:              C.goicecat_op(C.goicecat_batch_new),
	opBatchLoad:             C.goicecat_op(C.goicecat_batch_load),
	opBatchResume:           C.goicecat_op(C.goicecat_batch_resume),
	opBatchAdd:              C.goicecat_op(C.goicecat_batch_add),
	opBatchNote:             C.goicecat_op(C.goicecat_batch_note),
	opBatchNotes:            C.goicecat_op(C.goicecat_batch_notes),
	opBatchJournal:          C.goicecat_op(C.goicecat_batch_journal),
	opBatchDefer:            C.goicecat_op(C.goicecat_batch_defer),
	opBatchSync:             C.goicecat_op(C.goicecat_batch_sync),
	opBatchSave:             C.goicecat_op(C.goicecat_batch_save),
	opBatchCount:            C.goicecat_op(C.goicecat_batch_count),
	opBatchAt:               C.goicecat_op(C.goicecat_batch_at),
	opBatchFree:             C.goicecat_op(C.goicecat_batch_free),
	opSigV4CacheNew:         C.goicecat_op(C.goicecat_sigv4_cache_new),
	opSigV4CacheFree:        C.goicecat_op(C.goicecat_sigv4_cache_free),
	opSigV4Sign:             C.goicecat_op(C.goicecat_sigv4_sign),
	opSigV4SignChunk:        C.goicecat_op(C.goicecat_sigv4_sign_chunk),
	opSigV4SignTrailer:      C.goicecat_op(C.goicecat_sigv4_sign_trailer),
	opSigV4ChunkHead:        C.goicecat_op(C.goicecat_sigv4_chunk_head),
	opSigV4ChunkedLength:    C.goicecat_op(C.goicecat_sigv4_chunked_length),
	opSigV4Explain:          C.goicecat_op(C.goicecat_sigv4_explain),
	opSigV4Parse:            C.goicecat_op(C.goicecat_sigv4_parse),
	opSigV4Verify:           C.goicecat_op(C.goicecat_sigv4_verify),
}

// The records have one layout in both languages, or this does not compile.
var (
	_ [unsafe.Sizeof(record{})]byte                = [C.sizeof_goicecat_frame]byte{}
	_ [unsafe.Sizeof(errorRecord{})]byte           = [C.sizeof_icecat_error]byte{}
	_ [unsafe.Offsetof(record{}.err)]byte          = [unsafe.Offsetof(C.goicecat_frame{}.error)]byte{}
	_ [unsafe.Offsetof(record{}.spill)]byte        = [unsafe.Offsetof(C.goicecat_frame{}.spill)]byte{}
	_ [unsafe.Offsetof(errorRecord{}.awsCode)]byte = [unsafe.Offsetof(C.icecat_error{}.aws_code)]byte{}
	_ [unsafe.Offsetof(errorRecord{}.message)]byte = [unsafe.Offsetof(C.icecat_error{}.message)]byte{}
)

// enter is the one way into C.
func enter(op operation, f *frame, data []byte) Status {
	return Status(C.goicecat_run(operations[op], f.native(), bytesOf(f.args), C.size_t(len(f.args)), bytesOf(data),
		C.size_t(len(data)), (*C.uchar)(unsafe.Pointer(&f.reply)), C.size_t(len(f.reply))))
}

func (f *frame) native() *C.goicecat_frame { return (*C.goicecat_frame)(unsafe.Pointer(&f.record)) }

func bytesOf(bytes []byte) *C.uchar {
	if len(bytes) == 0 {
		return nil
	}
	return (*C.uchar)(unsafe.Pointer(&bytes[0]))
}

func takeSpill(f *frame, out []byte) { C.goicecat_take_spill(f.native(), bytesOf(out)) }

func newToken() uint64       { return uint64(C.goicecat_cancel_new()) }
func fireToken(token uint64) { C.goicecat_cancel_fire(C.uint64_t(token)) }
func freeToken(token uint64) { C.goicecat_cancel_free(C.uint64_t(token)) }

// keep makes a number that C can hold in the place of a value, until drop.
func keep(value any) uint64 { return uint64(cgo.NewHandle(value)) }
func drop(number uint64)    { cgo.Handle(number).Delete() }

var (
	readyOnce sync.Once
	readyErr  error
)

// ready tells whether the library that is linked is new enough. The headers were looked at when this was compiled.
func ready() error {
	readyOnce.Do(func() {
		f := newFrame("New")
		defer f.end()
		enter(opVersion, f, nil)
		r := f.read()
		if number := r.int(); number < C.GOICECAT_LEAST_VERSION {
			readyErr = failed("New", ErrConfig, nil, "libicecat ", r.text(), " is linked, and version number ",
				strconv.Itoa(C.GOICECAT_LEAST_VERSION), " (0.1.0) or later is needed; look at LD_LIBRARY_PATH")
		}
	})
	return readyErr
}

//export goicecatCallback
func goicecatCallback(handle, call C.uint64_t, what C.int, in *C.uchar, inLen C.size_t, out *C.uchar, outSize C.size_t) C.int64_t {
	var caller *frame
	if call != 0 {
		caller = cgo.Handle(call).Value().(*frame)
	}
	functions := cgo.Handle(handle).Value().(called)
	return C.int64_t(functions.called(int(what), caller, memory(in, inLen), memory(out, outSize)))
}

// memory is that of C, for as long as C lends it.
func memory(start *C.uchar, length C.size_t) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(start)), int(length))
}
