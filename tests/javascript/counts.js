// Answer what X's own library makes of texts: a JSON list of texts a line in, a JSON list of answers a line out.
// Places are pairs [start, end] in UTF-16 units of the text as given; the weight is that of its composed form.
"use strict";

const { createInterface } = require("node:readline");
const { parseTweet, extractEntitiesWithIndices, extractUrlsWithIndices } = require("twitter-text");

const places = (entities, key) => entities.filter((entity) => key in entity).map((entity) => entity.indices);

function answer(text) {
  const { weightedLength, valid } = parseTweet(text);
  const entities = extractEntitiesWithIndices(text);
  return {
    weight: weightedLength,
    valid,
    urls: places(extractUrlsWithIndices(text), "url"),
    hashtags: places(entities, "hashtag"),
    mentions: places(entities, "screenName"),
    cashtags: places(entities, "cashtag"),
  };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(JSON.parse(line).map(answer)) + "\n");
});
