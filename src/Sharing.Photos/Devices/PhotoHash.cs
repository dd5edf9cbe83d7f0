using System.Text.Json.Serialization;

namespace Sharing.Photos;

/// <summary>By what a photo is known again.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PhotoHash>))]
public enum PhotoHash
{
    /// <summary>By its bytes: the BLAKE3 hash of the file.</summary>
    Content,

    /// <summary>By what of it is picture (<see cref="PictureCopy.EssenceAsync"/>), whatever metadata it has lost or got.</summary>
    Essence,
}
