using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Messaging;

/// <summary>How the package's messages are written on the wire: camel case, strict numbers, no <c>null</c> where there must be a value; unknown members are ignored.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BearerBinding[]))]
[JsonSerializable(typeof(BearerInbound))]
[JsonSerializable(typeof(BearerRequest))]
[JsonSerializable(typeof(BearerWords))]
[JsonSerializable(typeof(CatalogItem))]
[JsonSerializable(typeof(CatalogPage))]
[JsonSerializable(typeof(HandlerIndex))]
[JsonSerializable(typeof(HandlerManifest))]
[JsonSerializable(typeof(HandlerOffer))]
[JsonSerializable(typeof(HandlerSignature))]
[JsonSerializable(typeof(InboxAcknowledgement))]
[JsonSerializable(typeof(InboxEvent))]
[JsonSerializable(typeof(InboxPage))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(MessageDraft))]
[JsonSerializable(typeof(SentMessage))]
[JsonSerializable(typeof(SentMessage[]))]
[JsonSerializable(typeof(ShortMessage))]
[JsonSerializable(typeof(SignedHandlerIndex))]
[JsonSerializable(typeof(Taste))]
[JsonSerializable(typeof(TasteChange))]
[JsonSerializable(typeof(TasteNote))]
public sealed partial class MessagingJson : JsonSerializerContext;
