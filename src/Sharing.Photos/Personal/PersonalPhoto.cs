using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Photos;

/// <summary>A photo in its owner's archive.</summary>
/// <param name="Id">The photo.</param>
/// <param name="Photo">What is kept of it. Its file has the same content.</param>
/// <param name="Picture">What its bytes say of themselves.</param>
/// <param name="ThumbHash">Its placeholder.</param>
sealed record PersonalPhoto(PhotoId Id, StoredPhoto Photo, PictureHeader? Picture, string? ThumbHash);

/// <summary>A folder in its owner's archive.</summary>
sealed record PersonalFolder(FolderId Id, StoredFolder Folder);

/// <summary>What somebody shows to the person, and what the person did with it.</summary>
/// <param name="Id">The grant.</param>
/// <param name="From">Who shows it.</param>
/// <param name="Address">The person's mail address, where it was shown to that.</param>
/// <param name="Created">Since when.</param>
/// <param name="Expires">Until when.</param>
/// <param name="Opened">When the person first looked at it.</param>
/// <param name="Downloads">How often he fetched some of it.</param>
/// <param name="Photos">The photos; <c>null</c>: they are closed for him.</param>
sealed record PersonalShown(GrantId Id, PersonId From, string? Address, DateTimeOffset Created, DateTimeOffset? Expires, DateTimeOffset? Opened, int Downloads, IReadOnlyList<GrantedPhoto>? Photos);

/// <summary>A placeholder that a terminal keeps of a photo.</summary>
sealed record PersonalPlaceholder(PhotoId Photo, string ThumbHash);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PersonalPhoto))]
[JsonSerializable(typeof(PersonalFolder))]
[JsonSerializable(typeof(PersonalShown))]
[JsonSerializable(typeof(PersonalPlaceholder))]
[JsonSerializable(typeof(JsonElement))]
sealed partial class PersonalJson : JsonSerializerContext;
