"""The format's two spellings: REST's camelCase, and the SDKs' snake_case with nulls for the unset.

Only the format's own names are respelled, never what stands inside a call's arguments, a result,
a schema or anything unknown.
"""

import re

from joch.transcript.values import Json, JsonObject

# Names whose values are the format's own objects, so that names inside them are respelled too.
_OPEN = frozenset(
    (
        *("parts", "inlineData", "fileData", "functionCall", "functionResponse", "toolCall"),
        *("toolResponse", "executableCode", "codeExecutionResult", "videoMetadata"),
        *("mediaResolution", "systemInstruction", "config", "generationConfig", "thinkingConfig"),
        *("imageConfig", "speechConfig", "voiceConfig", "prebuiltVoiceConfig", "tools"),
        *("multiSpeakerVoiceConfig", "speakerVoiceConfigs", "functionDeclarations", "toolConfig"),
        *("functionCallingConfig", "retrievalConfig", "latLng", "safetySettings", "googleSearch"),
        *("googleSearchRetrieval", "dynamicRetrievalConfig", "computerUse", "fileSearch"),
        *("googleMaps", "content", "candidates", "citationMetadata", "citations"),
        *("citationSources", "groundingMetadata", "groundingChunks", "web", "retrievedContext"),
        *("groundingSupports", "segment", "searchEntryPoint", "urlContextMetadata", "urlMetadata"),
        *("usageMetadata", "promptFeedback", "safetyRatings"),
    )
)
_CLOSED = (
    *("allowedFunctionNames", "aspectRatio", "audioTimestamp", "avgLogprobs", "blockReason"),
    *("blockReasonMessage", "cachedContent", "cachedContentTokenCount", "candidateCount"),
    *("candidatesTokenCount", "candidatesTokensDetails", "codeExecution", "confidenceScores"),
    *("createTime", "displayName", "dynamicThreshold", "endIndex", "endOffset"),
    *("enableEnhancedCivicAnswers", "enterpriseWebSearch", "fileSearchStoreNames", "fileUri"),
    *("finishMessage", "finishReason", "frequencyPenalty", "groundingChunkIndices", "imageSize"),
    *("includeServerSideToolInvocations", "includeThoughts", "languageCode", "logprobsResult"),
    *("maxOutputTokens", "metadataFilter", "mimeType", "modelVersion", "numTokens"),
    *("parametersJsonSchema", "partIndex", "partMetadata", "presencePenalty"),
    *("promptTokenCount", "promptTokensDetails", "publicationDate", "renderedContent"),
    *("responseId", "responseJsonSchema", "responseLogprobs", "responseMimeType"),
    *("responseModalities", "responseSchema", "retrievalMetadata", "retrievedUrl"),
    *("sdkHttpResponse", "serviceTier", "startIndex", "startOffset", "stopSequences"),
    *("thinkingBudget", "thinkingLevel", "thoughtSignature", "thoughtsTokenCount", "tokenCount"),
    *("toolType", "toolUsePromptTokenCount", "topK", "topP", "totalTokenCount", "urlContext"),
    *("urlRetrievalStatus", "voiceName", "webSearchQueries", "willContinue"),
)
_SPELLED = {
    re.sub("([A-Z])", r"_\1", name).lower(): name
    for name in (*_OPEN, *_CLOSED)
    if not name.islower()
}


def respelled(value: Json) -> Json:
    """The value with the format's names in camelCase and without the nulls of unset fields."""
    if type(value) is dict:
        return respelled_object(value)
    if type(value) is list:
        return [respelled(inner) for inner in value]
    return value


def respelled_object(data: JsonObject) -> JsonObject:
    """The object with the format's names in camelCase and without the nulls of unset fields.

    Where both spellings of a name are there, the snake_case one is kept as it is.
    """
    told: JsonObject = {}
    for key, value in data.items():
        if value is None:
            continue
        name = _SPELLED.get(key, key)
        if name is not key and data.get(name) is not None:
            name = key
        told[name] = respelled(value) if name in _OPEN else value
    return told
