using System.Text.Json;
using System.Text.Json.Serialization;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>How the package's messages are written on the wire, and its records: camel case, strict numbers, no <c>null</c> where there must be a value; unknown members are ignored.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ShareTicket))]
[JsonSerializable(typeof(ShareManifest))]
[JsonSerializable(typeof(SwarmMember))]
[JsonSerializable(typeof(TicketKeySet))]
[JsonSerializable(typeof(AddressAnswer))]
[JsonSerializable(typeof(SwarmMember[]))]
[JsonSerializable(typeof(SwarmView))]
[JsonSerializable(typeof(SwarmAnnouncement))]
[JsonSerializable(typeof(SharedFile[]))]
[JsonSerializable(typeof(ByteRuns))]
[JsonSerializable(typeof(SwarmAdvice))]
[JsonSerializable(typeof(FetchView))]
[JsonSerializable(typeof(FetchView[]))]
[JsonSerializable(typeof(ChunkChoice))]
[JsonSerializable(typeof(string))]
public sealed partial class P2PJson : JsonSerializerContext;
