package icecat

// Version is that of libicecat, e.g. "0.1.0"; "" without cgo.
func Version() string {
	f := newFrame("Version")
	defer f.end()
	if f.run(opVersion, nil) != nil {
		return ""
	}
	r := f.read()
	r.number()
	return r.text()
}

// DependencyVersion is the version of a library that libicecat uses: "libcurl", "openssl", "cjson", "libpng" or
// "libjpeg-turbo"; "" for another name.
func DependencyVersion(name string) string {
	f := newFrame("DependencyVersion")
	defer f.end()
	f.text(name)
	if f.run(opDependency, nil) != nil {
		return ""
	}
	r := f.read()
	return r.text()
}
