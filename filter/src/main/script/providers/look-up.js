// SPDX-License-Identifier: Apache-2.0
// @ts-check

/**
 * What a dotted path leads to, without eval; a method keeps its owner.
 * @param {any} from @param {string} path @returns {any}
 */
export function lookUp(from, path) {
  let owner;
  for (const name of path.split('.')) [owner, from] = [from, from?.[name]];
  return typeof from === 'function' ? from.bind(owner) : from;
}
