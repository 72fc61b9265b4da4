import {expect, test} from 'vitest';

import {mediaAddress} from './media_address';

test('https and paths of the own server are led to', () => {
  for (const address of ['https://a.example/1.jpg', 'https://a.example/1.jpg?w=2#x', '/media/2.mp4']) expect(mediaAddress(address)).toBe(address);
});

test('nothing that runs, and nothing that only looks like an address', () => {
  for (const address of ['javascript:alert(1)', 'JavaScript:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'http://a.example/x', '//a.example/x',
    '/\\a.example/x', '/', '', 'https://', 'https:///x', 'https://a.example/"><img src=x>', 'https://shop.example@evil.example/x', 'a.jpg'])
    expect(mediaAddress(address), address).toBeUndefined();
});
