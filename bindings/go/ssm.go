package icecat

import "context"

// GetParameters gives the values of parameters of AWS Systems Manager by their full names, decrypted; at most 1000.
// Those that do not exist are left out.
func (c *Client) GetParameters(ctx context.Context, names ...string) (map[string]string, error) {
	f, err := c.begin(ctx, "GetParameters")
	if err != nil {
		return nil, err
	}
	defer f.end()
	f.texts(names)
	if err := f.run(opSSMParameters, nil); err != nil {
		return nil, err
	}
	r := f.read()
	found := make(map[string]string)
	for count := r.int(); count > 0; count-- {
		name := r.text()
		found[name] = r.text()
	}
	return found, nil
}
