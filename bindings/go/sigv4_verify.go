package icecat

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
)

// Difference is where the service's calculation of a signature differs from ours.
type Difference int32

const (
	Untold              Difference = 0 // The answer does not tell the calculation.
	SameCalculation     Difference = 1 // Nowhere: the secret key is another one.
	DifferentMethod     Difference = 2
	DifferentPath       Difference = 3 // Or its encoding.
	DifferentQuery      Difference = 4
	DifferentHeader     Difference = 5 // A header's value, or a header is not there.
	DifferentHeaderList Difference = 6
	DifferentPayload    Difference = 7
	DifferentAlgorithm  Difference = 8
	DifferentDate       Difference = 9
	DifferentScope      Difference = 10 // Day, region or service.
)

// Explanation is why a service found another signature.
type Explanation struct {
	Difference Difference
	Line       int    // 1-based line of that text that differs first; 0 when there is none.
	Text       string // One sentence with what to do. No secret, no token.
}

// Explain explains a SignatureDoesNotMatch: the first line of the service's calculation, which its answer tells, that is not
// ours names the cause.
func Explain(ours *Signature, answer []byte) (Explanation, error) {
	f := newFrame("Explain")
	defer f.end()
	f.text(ours.CanonicalRequest)
	f.text(ours.StringToSign)
	if err := f.run(opSigV4Explain, answer); err != nil {
		return Explanation{}, err
	}
	r := f.read()
	return Explanation{Difference: Difference(r.signed()), Line: r.int(), Text: r.text()}, nil
}

// SignatureReason is why a received request is not accepted.
type SignatureReason int32

const (
	Verified       SignatureReason = 0  // The signature is the one that the secret key gives.
	NoSignature    SignatureReason = 1  // Neither an Authorization header nor X-Amz-Algorithm.
	OtherAlgorithm SignatureReason = 2  // Signed in another way than AWS4-HMAC-SHA256.
	Malformed      SignatureReason = 3  // A part is missing, twice there, or not of its form.
	WrongDate      SignatureReason = 4  // The scope's date is another day than the request's.
	WrongScope     SignatureReason = 5  // Signed for another region or service.
	Skewed         SignatureReason = 6  // The clocks are too far apart.
	Expired        SignatureReason = 7  // A presigned request came after its time.
	UnsignedHeader SignatureReason = 8  // An x-amz-... header came that is not signed.
	AbsentHeader   SignatureReason = 9  // A header is signed that did not come.
	WrongSignature SignatureReason = 10 // Another key, or the request changed on its way.
)

// Claim is what a received request says of its signature. Nothing is verified in it.
type Claim struct {
	AccessKeyID   string // The caller looks for the secret key of this one.
	ScopeDate     string // E.g. "20150830".
	Region        string
	Service       string
	SignedHeaders string // As the client listed them.
	Signature     string
	Date          string // x-amz-date
	SessionToken  string // "" for long-lived keys.
	Time          time.Time
	Expires       time.Duration // Life of a presigned request; 0 for a signed header.
	Presigned     bool
	Reason        SignatureReason // Verified when all is well so far.
}

// ParseSignature reads the Authorization header, or the X-Amz-... query parameters, of a received request. The claim has
// what could be read, also with ErrSignature.
func ParseSignature(request *SignRequest) (Claim, error) {
	f := newFrame("ParseSignature")
	defer f.end()
	request.write(f, true)
	err := f.run(opSigV4Parse, nil)
	if err != nil && !errors.Is(err, ErrSignature) {
		return Claim{}, err
	}
	r := f.read()
	return Claim{AccessKeyID: r.text(), ScopeDate: r.text(), Region: r.text(), Service: r.text(), SignedHeaders: r.text(),
		Signature: r.text(), Date: r.text(), SessionToken: r.text(), Time: r.moment(),
		Expires: time.Duration(r.signed()) * time.Second, Presigned: r.bool(), Reason: SignatureReason(r.signed())}, err
}

// VerifyOptions say how to verify.
type VerifyOptions struct {
	SecretAccessKey  string        // Of the claim's access key id.
	Region           string        // The only region accepted; "" accepts any.
	Service          string        // The only service accepted; "" accepts any.
	Time             time.Time     // Now.
	MaxSkew          time.Duration // How far the clocks may differ; 15 minutes.
	OmitSessionToken bool          // The token may be unsigned.
	KeepPath         bool          // As in SignOptions.
	Cache            *SigningKeys  // As in SignOptions.
}

// hash is what stands for the body of a request that came; "" leaves the choice to the library.
func (r *SignRequest) hash() string {
	if r.PayloadHash != "" || r.Body == nil {
		return r.PayloadHash
	}
	for name, values := range r.Header {
		if strings.EqualFold(name, "x-amz-content-sha256") && len(values) == 1 && len(values[0]) != hex.EncodedLen(sha256.Size) {
			return "" // the header says that the body is not signed, or in chunks
		}
	}
	sum := sha256.Sum256(r.Body)
	return hex.EncodeToString(sum[:])
}

// SignatureVerdict is what verification found.
type SignatureVerdict struct {
	CanonicalRequest string // "" when verification did not come so far.
	StringToSign     string
	Reason           SignatureReason
	Skew             time.Duration // Time of the request minus now.
}

// VerifySignature verifies a received request, as the services of AWS do. ErrSignature: it is not accepted, and the verdict
// has the reason. What stands for the body is PayloadHash, else what the x-amz-content-sha256 header says; when that is a
// hash or is not there, the hash of Body, unless Body is nil.
func VerifySignature(request *SignRequest, options *VerifyOptions) (SignatureVerdict, error) {
	f, err := beginWith("VerifySignature", options.Cache)
	if err != nil {
		return SignatureVerdict{}, err
	}
	defer f.end()
	f.secret = true
	came := *request
	came.PayloadHash = request.hash()
	came.write(f, false)
	f.text(options.SecretAccessKey)
	f.optional(options.Region)
	f.optional(options.Service)
	f.signed(orNow(options.Time))
	f.seconds("MaxSkew", options.MaxSkew)
	flags := SignOptions{OmitSessionToken: options.OmitSessionToken, KeepPath: options.KeepPath}
	f.number(flags.flags())
	err = f.run(opSigV4Verify, nil)
	if err != nil && !errors.Is(err, ErrSignature) {
		return SignatureVerdict{}, err
	}
	r := f.read()
	return SignatureVerdict{CanonicalRequest: r.text(), StringToSign: r.text(), Reason: SignatureReason(r.signed()),
		Skew: time.Duration(r.signed()) * time.Second}, err
}
