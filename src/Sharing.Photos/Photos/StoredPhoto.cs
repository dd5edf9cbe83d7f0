using System.Text.Json.Serialization;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>The record <c>photo/{id}</c>.</summary>
/// <param name="Owner">Who uploaded it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="FileName">How a file of it is called.</param>
/// <param name="Folder">The folder that it is in.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Created">When it was complete.</param>
/// <param name="Until">Its own end; <c>null</c>: its folder's alone.</param>
sealed record StoredPhoto(PersonId Owner, string Name, string FileName, FolderId? Folder, ContentInfo Content, DateTimeOffset Created, DateTimeOffset? Until)
{
    /// <summary>The device that it came from by itself (row F12).</summary>
    public string? Device { get; init; }

    /// <summary>The hash of what of it is picture, by the device's word (<see cref="PictureCopy.EssenceAsync"/>).</summary>
    public ContentId? Essence { get; init; }
}

/// <summary>The record <c>photo-folder/{id}</c>.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Until">Its end, and that of all in it.</param>
/// <param name="Announced">How many photos are to come.</param>
/// <param name="Arrived">How many have come.</param>
sealed record StoredFolder(PersonId Owner, string Name, DateTimeOffset Created, DateTimeOffset Until, int Announced, int Arrived);

/// <summary>The record <c>picture/{content}</c>: what is known of bytes, for all photos that have them.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Photos">How many photos there are of it, of anybody.</param>
/// <param name="State">Whether there are previews.</param>
/// <param name="Header">What its header says; <c>null</c>: it is no picture that is known here.</param>
sealed record StoredPicture(ContentInfo Content, int Photos, PreviewState State, PictureHeader? Header)
{
    /// <summary>The previews by the length of their longer side.</summary>
    public IReadOnlyDictionary<int, ContentInfo>? Previews { get; init; }

    public string? ThumbHash { get; init; }

    /// <summary>What copies without some or all metadata will be; none: there are none of it.</summary>
    public IReadOnlyDictionary<CopyMetadata, StoredCopy>? Copies { get; init; }

    /// <summary>CRC-32 of the bytes, for archives; <c>null</c>: not reckoned yet.</summary>
    public uint? Crc32 { get; init; }
}

/// <summary>A copy that is never written down.</summary>
/// <param name="Content">Its hash and its length.</param>
/// <param name="Crc32">Its CRC-32.</param>
sealed record StoredCopy(ContentInfo Content, uint Crc32);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredPhoto))]
[JsonSerializable(typeof(StoredFolder))]
[JsonSerializable(typeof(StoredPicture))]
[JsonSerializable(typeof(string))]
sealed partial class PhotoRecords : JsonSerializerContext;
