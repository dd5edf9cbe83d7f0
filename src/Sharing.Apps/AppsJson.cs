using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Apps;

/// <summary>How the package's messages are written on the wire, and its records: camel case, strict numbers, no <c>null</c> where there must be a value; unknown members are ignored.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AppSharing))]
[JsonSerializable(typeof(AppListAnswer))]
[JsonSerializable(typeof(AppPush))]
[JsonSerializable(typeof(PushedList))]
[JsonSerializable(typeof(ReceivedList[]))]
[JsonSerializable(typeof(AppPackage))]
[JsonSerializable(typeof(AppListing))]
[JsonSerializable(typeof(AppRequest))]
[JsonSerializable(typeof(AppMatch))]
[JsonSerializable(typeof(FoundFriend[]))]
[JsonSerializable(typeof(ContactPoints))]
[JsonSerializable(typeof(ContactTokens))]
[JsonSerializable(typeof(PersonId[]))]
[JsonSerializable(typeof(DeviceProfile))]
[JsonSerializable(typeof(InstalledApp[]))]
[JsonSerializable(typeof(Uri))]
public sealed partial class AppsJson : JsonSerializerContext;
