const names = (list: string): readonly string[] => list.trim().split(/\s+/);

/** What MongoDB 7.0's manual names, page by page ("Reference": operators, stages, accumulators). */
export const MONGODB_NAMES = {
  /** Query and projection operators that stand beside fields. */
  topLevel: names('$and $comment $expr $jsonSchema $nor $or $sampleRate $text $where'),
  /** Query operators of one field. */
  field: names(`
    $all $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $elemMatch $eq $exists $geoIntersects $geoWithin $gt $gte
    $in $lt $lte $mod $ne $near $nearSphere $nin $not $regex $size $type`),
  projection: names('$elemMatch $meta $slice'),
  update: names(`
    $addToSet $bit $currentDate $inc $max $min $mul $pop $pull $pullAll $push $rename $set $setOnInsert $unset`),
  pushModifiers: names('$position $slice $sort'),
  stages: names(`
    $addFields $bucket $bucketAuto $changeStream $changeStreamSplitLargeEvent $collStats $count $currentOp $densify
    $documents $facet $fill $geoNear $graphLookup $group $indexStats $limit $listLocalSessions $listSampledQueries
    $listSearchIndexes $listSessions $lookup $match $merge $out $planCacheStats $project $redact $replaceRoot
    $replaceWith $sample $search $searchMeta $set $setWindowFields $shardedDataDistribution $skip $sort $sortByCount
    $unionWith $unset $unwind $vectorSearch`),
  accumulators: names(`
    $accumulator $addToSet $avg $bottom $bottomN $count $first $firstN $last $lastN $max $maxN $median $mergeObjects
    $min $minN $percentile $push $stdDevPop $stdDevSamp $sum $top $topN`),
  expressions: names(`
    $abs $acos $acosh $add $allElementsTrue $and $anyElementTrue $arrayElemAt $arrayToObject $asin $asinh $atan $atan2
    $atanh $avg $binarySize $bitAnd $bitNot $bitOr $bitXor $bsonSize $ceil $cmp $concat $concatArrays $cond $convert
    $cos $cosh $dateAdd $dateDiff $dateFromParts $dateFromString $dateSubtract $dateToParts $dateToString $dateTrunc
    $dayOfMonth $dayOfWeek $dayOfYear $degreesToRadians $divide $eq $exp $filter $first $firstN $floor $function
    $getField $gt $gte $hour $ifNull $in $indexOfArray $indexOfBytes $indexOfCP $isArray $isNumber $isoDayOfWeek
    $isoWeek $isoWeekYear $last $lastN $let $literal $ln $log $log10 $lt $lte $ltrim $map $max $maxN $median
    $mergeObjects $meta $millisecond $min $minN $minute $mod $month $multiply $ne $not $objectToArray $or $percentile
    $pow $radiansToDegrees $rand $range $reduce $regexFind $regexFindAll $regexMatch $replaceAll $replaceOne
    $reverseArray $round $rtrim $sampleRate $second $setDifference $setEquals $setField $setIntersection $setIsSubset
    $setUnion $sin $sinh $size $slice $sortArray $split $sqrt $stdDevPop $stdDevSamp $strLenBytes $strLenCP $strcasecmp
    $substr $substrBytes $substrCP $subtract $sum $switch $tan $tanh $toBool $toDate $toDecimal $toDouble $toInt $toLong
    $toLower $toObjectId $toString $toUpper $trim $trunc $tsIncrement $tsSecond $type $unsetField $week $year $zip`),
} as const;

/** A group of names that are used in the same place. */
export type Group = keyof typeof MONGODB_NAMES;
