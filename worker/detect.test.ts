import { describe, expect, it } from 'vitest';
import { guessType } from './detect.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

describe('guessType', () => {
  it.each([
    ['%PDF-1.7\n', 'pdf'],
    ['\n\n junk %PDF-1.4', 'pdf'],
    ['\x89PNG\r\n\x1a\n %PDF-1.4', 'png'],
    ['\xff\xd8\xff\xe0', 'jpeg'],
    ['II*\0', 'tiff'],
    ['MM\0*', 'tiff'],
    ['RIFF....WEBP', 'webp'],
    ['PK\x03\x04', 'zip'],
    ['\xd0\xcf\x11\xe0', 'ole'],
    ['<?xml version="1.0"?><a/>', 'xml'],
    ['\xef\xbb\xbf<Invoice/>', 'xml'],
    ['\xff\xfe<\0?\0x\0m\0l\0', 'xml'],
    ['<!doctype html><p>', 'html'],
    ['  <html>', 'html'],
    ['From: a@b\r\nSubject: x\r\n\r\nHello', 'mail'],
    ['Received: from x\r\n\tby y\r\nDate: z\r\n\r\n', 'mail'],
    ['From x@y Mon\nFrom: a\nTo: b\n\nHello', 'mail'],
    ['Note: buy milk\nand bread\n', 'unknown'],
    ['Hello', 'unknown'],
    ['', 'unknown'],
    ['MZ', 'unknown'],
  ])('%j is %s', (text, type) => {
    expect(guessType(bytes(text))).toBe(type);
  });
});
