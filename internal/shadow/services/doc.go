// Package services knows AI services by the hosts and the names under which logs show them. It is pure: the list is data with a date, and where a
// service stands in the rules of an organisation is given by the organisation.
//
// Words of this package: a service is what people would call it (ChatGPT); a kind is what it is for; a pattern is a host name in which a star may
// stand for a label or a part of one; a service is mixed when its hosts serve more than AI, or are contacted without anybody doing anything.
package services
