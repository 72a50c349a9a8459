package icecat

// Setting is one effective setting of a client.
type Setting struct {
	Name   string // e.g. "region"
	Value  string // "" when nothing sets it. That of "proxy" may hold a password.
	Origin string // "option", "environment AWS_REGION", "/home/me/.aws/config profile dev", "default", "not set"
}

// Settings are all settings of a client, in the order of docs/configuration.md.
type Settings []Setting

// Get gives a setting by its name.
func (s Settings) Get(name string) (Setting, bool) {
	for _, each := range s {
		if each.Name == name {
			return each, true
		}
	}
	return Setting{}, false
}

// LoadSettings finds every setting as New would, without making a client. Values are not checked, and access keys are
// not looked for. ErrConfig: a file cannot be read or understood, or the profile that is named is in no file.
func LoadSettings(options ...Option) (Settings, error) {
	c, err := configure(options)
	if err != nil {
		return nil, err
	}
	f := newFrame("LoadSettings")
	defer f.end()
	hooks := c.hooks.orNil()
	c.write(f, hooks, 0)
	defer hooks.release()
	if err := f.run(opSettingsLoad, nil); err != nil {
		return nil, err
	}
	return readSettings(f), nil
}

func readSettings(f *frame) Settings {
	var settings Settings
	for r := f.read(); r.rest != ""; {
		settings = append(settings, Setting{Name: r.text(), Value: r.text(), Origin: r.text()})
	}
	return settings
}
