namespace Sharing.Trials.ChangeOver;

/// <summary>How an origin names its versions.</summary>
enum WireTags
{
    /// <summary>By strong entity tags, where it names them.</summary>
    Strong,

    /// <summary>By weak entity tags, beside a date of last change that is the same for all.</summary>
    Weak,

    /// <summary>By the date of last change alone, where it names them.</summary>
    Dates,
}
