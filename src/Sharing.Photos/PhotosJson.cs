using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Photos;

/// <summary>How the package's messages are written on the wire: camel case, strict numbers, no <c>null</c> where there must be a value; unknown members are ignored.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Photo))]
[JsonSerializable(typeof(Photo[]))]
[JsonSerializable(typeof(PhotoFolder))]
[JsonSerializable(typeof(PhotoFolder[]))]
[JsonSerializable(typeof(FolderRequest))]
[JsonSerializable(typeof(PhotoChange))]
[JsonSerializable(typeof(DevicePhotosAsked))]
[JsonSerializable(typeof(DevicePhotosLacking))]
[JsonSerializable(typeof(EvictionPlan))]
[JsonSerializable(typeof(Grant))]
[JsonSerializable(typeof(Grant[]))]
[JsonSerializable(typeof(GrantEnd))]
[JsonSerializable(typeof(GrantRequest))]
[JsonSerializable(typeof(GrantView))]
[JsonSerializable(typeof(GrantView[]))]
public sealed partial class PhotosJson : JsonSerializerContext;
