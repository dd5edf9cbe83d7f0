using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Offline;

/// <summary>How the package's records and messages are written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(StoredPost))]
[JsonSerializable(typeof(PostKeyEntry))]
[JsonSerializable(typeof(StoredAccount))]
[JsonSerializable(typeof(AccountOwner))]
[JsonSerializable(typeof(PersonalPost))]
[JsonSerializable(typeof(PersonalAccount))]
[JsonSerializable(typeof(PersonalComment))]
[JsonSerializable(typeof(StoredLine))]
[JsonSerializable(typeof(StoredResource))]
[JsonSerializable(typeof(Resource))]
[JsonSerializable(typeof(StoredNetworkPost))]
[JsonSerializable(typeof(StoredDownload))]
[JsonSerializable(typeof(DownloadKeyEntry))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(NetworkComment))]
[JsonSerializable(typeof(Marker))]
[JsonSerializable(typeof(ShareRequest))]
[JsonSerializable(typeof(JsonElement))]
sealed partial class OfflineJson : JsonSerializerContext;

/// <summary>The value of a record whose key says everything.</summary>
sealed record Marker
{
    public static Marker Value { get; } = new();
}
