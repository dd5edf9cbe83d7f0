using Microsoft.Extensions.Options;

namespace Sharing.Apps;

/// <summary>The radar's settings.</summary>
public sealed class RadarOptions
{
    /// <summary>The most points in one question.</summary>
    public const int MostAtOnce = 1000;

    /// <summary>Contacts in common that make two friends. 2.</summary>
    public int LeastShared { get; set; } = 2;

    /// <summary>Whether two must list each other, too. <c>false</c>.</summary>
    public bool MutualListing { get; set; }

    /// <summary>Contacts that more people hold make nobody friends (a doctor, a hotline). 1,000; 0: all count.</summary>
    public int MostHolders { get; set; } = 1000;

    /// <summary>The most contacts in one book: with more than 15,000 it does not fit into a request. 15,000.</summary>
    public int MostContacts { get; set; } = 15_000;

    /// <summary>New contacts that one account may try at once, and after it has tried none for long. 20,000.</summary>
    public int ContactBudget { get; set; } = 20_000;

    /// <summary>New contacts that one account gets to try again each day. 1,000.</summary>
    public int ContactsPerDay { get; set; } = 1000;

    /// <summary>The file of the keys that tokens are made with and books sealed: made when it is not there, readable to this account alone, and never in the database. <c>null</c>:
    /// <c>radar.key</c> in the folder of the contents; in memory where contents are. Where contents are elsewhere it must be named, and several hosts need the same. Without it all books are lost.</summary>
    public string? KeyFile { get; set; }

    internal sealed class Validator : IValidateOptions<RadarOptions>
    {
        public ValidateOptionsResult Validate(string? name, RadarOptions options)
        {
            List<string> wrong = [];
            void Require(bool good, string what)
            {
                if (!good)
                {
                    wrong.Add(what);
                }
            }

            Require(options.LeastShared >= 1, "LeastShared is at least 1.");
            Require(options.MostHolders >= 0, "MostHolders is 0 or more.");
            Require(options.MostContacts >= 1, "MostContacts is at least 1.");
            Require(options.ContactBudget >= 1 && options.ContactsPerDay >= 1, "ContactBudget and ContactsPerDay are at least 1.");
            return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
        }
    }
}
