using System.Text.Json.Serialization;

namespace Sharing.Apps;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
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
[JsonSerializable(typeof(DeviceProfile))]
[JsonSerializable(typeof(InstalledApp[]))]
[JsonSerializable(typeof(Uri))]
public sealed partial class AppsJson : JsonSerializerContext;
