namespace Sharing.Messaging;

/// <summary>Why a handler package, or an index of them, is not taken.</summary>
public enum HandlerFault
{
    /// <summary>It is no package, or not as a package is.</summary>
    Malformed,

    /// <summary>Nobody signed it, or not what is there.</summary>
    Unsigned,

    /// <summary>Another signed it than was said, or than signed it before.</summary>
    OtherSigner,

    /// <summary>Nobody here has said that he trusts who signed it.</summary>
    NotTrusted,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>There was a newer one before.</summary>
    RolledBack,

    /// <summary>Its bytes are not those that were signed.</summary>
    Changed,

    /// <summary>It has too many files, or unpacks to too much.</summary>
    TooLarge,

    /// <summary>It is for another platform.</summary>
    OtherPlatform,
}
