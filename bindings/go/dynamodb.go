package icecat

import (
	"context"
	"errors"
)

// ItemOptions are those of the calls on items. Which call looks at what is said in brackets.
type ItemOptions struct {
	Condition  string            // ConditionExpression (put, update, delete).
	Filter     string            // FilterExpression (query).
	Projection string            // ProjectionExpression (get, batch get, query).
	Index      string            // IndexName (query).
	Names      map[string]string // ExpressionAttributeNames: "#s" is "op_status".
	Values     Item              // ExpressionAttributeValues: ":s" is "pending".
	MaxItems   int64             // Most items of a query; 0 for all.
	PageItems  int               // Limit of each page of a query; 0 for the service's 1 MB.
	Consistent bool              // Strongly consistent read (not on an index).
	Descending bool              // The largest sort key first (query).
}

func (o *ItemOptions) write(f *frame) {
	if o == nil {
		o = &ItemOptions{}
	}
	f.optional(o.Condition)
	f.optional(o.Filter)
	f.optional(o.Projection)
	f.optional(o.Index)
	f.pairs(o.Names)
	f.unsigned("MaxItems", o.MaxItems)
	f.number32("PageItems", o.PageItems)
	f.bool(o.Consistent)
	f.bool(o.Descending)
	o.Values.writeOptional(f)
}

// PutItem writes a whole item. ErrPrecondition, with Item as it is there, when the condition was false.
func (c *Client) PutItem(ctx context.Context, table string, item Item, options *ItemOptions) error {
	_, err := c.oneItem(ctx, "PutItem", opDynamoDBPut, table, "", item, options)
	return err
}

// UpdateItem changes attributes of one item by an UpdateExpression, e.g. "SET op_status = :s", and gives the item as it is
// then. ErrPrecondition, with Item as it is there, when the condition was false.
func (c *Client) UpdateItem(ctx context.Context, table string, key Item, update string, options *ItemOptions) (Item, error) {
	return c.oneItem(ctx, "UpdateItem", opDynamoDBUpdate, table, update, key, options)
}

// GetItem reads one item; nil when no item has this key.
func (c *Client) GetItem(ctx context.Context, table string, key Item, options *ItemOptions) (Item, error) {
	return c.oneItem(ctx, "GetItem", opDynamoDBGet, table, "", key, options)
}

// DeleteItem removes one item, under a condition if one is given. No item is a success.
func (c *Client) DeleteItem(ctx context.Context, table string, key Item, options *ItemOptions) error {
	_, err := c.oneItem(ctx, "DeleteItem", opDynamoDBDelete, table, "", key, options)
	return err
}

func (c *Client) oneItem(ctx context.Context, op string, number operation, table, update string, given Item,
	options *ItemOptions) (Item, error) {
	f, err := c.begin(ctx, op)
	if err != nil {
		return nil, err
	}
	defer f.end()
	if number == opDynamoDBUpdate {
		f.text(update)
	}
	f.text(table)
	options.write(f)
	given.write(f)
	err = f.run(number, nil)
	var refused *Error
	if errors.As(err, &refused) {
		if refused.Status == ErrPrecondition {
			r := f.read()
			refused.Item = readOwned(&r)
		}
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	r := f.read()
	return readOwned(&r), nil
}

// Items are what a query or a batch get finds. It may be ranged over again, which asks again.
type Items func(yield func(Item, error) bool)

// Collect gives all items.
func (i Items) Collect() ([]Item, error) { return collect(i) }

// Query reads all items under one partition key, e.g. "batch_id = :b", over as many pages as it takes. They are all read
// before the first is given.
func (c *Client) Query(ctx context.Context, table, keyCondition string, options *ItemOptions) Items {
	return c.items(ctx, "Query", opDynamoDBQuery, func(f *frame) {
		f.text(table)
		f.text(keyCondition)
		options.write(f)
	})
}

// BatchGet reads items by their keys, in no order; keys without an item are left out.
func (c *Client) BatchGet(ctx context.Context, table string, keys []Item, options *ItemOptions) Items {
	return c.items(ctx, "BatchGet", opDynamoDBBatchGet, func(f *frame) {
		f.text(table)
		options.write(f)
		f.number(uint64(len(keys)))
		for _, key := range keys {
			key.write(f)
		}
	})
}

func (c *Client) items(ctx context.Context, op string, number operation, write func(f *frame)) Items {
	return func(yield func(Item, error) bool) {
		f, err := c.begin(ctx, op)
		if err != nil {
			yield(nil, err)
			return
		}
		write(f)
		rows, err := f.rows(number)
		if err != nil {
			yield(nil, err)
			return
		}
		each(rows, readItem, yield)
	}
}
